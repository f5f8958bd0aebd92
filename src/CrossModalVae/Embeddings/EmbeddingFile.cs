using System.Text.Json.Nodes;
using CrossModalVae.Corpora;

namespace CrossModalVae.Embeddings;

/// <summary>
/// An embedding folder: embeddings.npy (float32, rows x D, C order) and rows.jsonl (data-schemas/embedding-row.schema.json), which numpy,
/// FAISS and pandas read as they are; where they are kept, standard_deviations.npy (rows x D) and reconstructions.npy (rows x F) too; and
/// skipped.jsonl (data-schemas/skipped-clip.schema.json) where broken clips were left out. They are replaced together: a writer that is
/// stopped leaves the old files or the new ones.
/// </summary>
public static class EmbeddingFile
{
    /// <summary>The matrix's file.</summary>
    public const string MatrixName = "embeddings.npy";

    /// <summary>The rows' file.</summary>
    public const string RowsName = "rows.jsonl";

    /// <summary>The posteriors' standard deviations, where they are kept.</summary>
    public const string StandardDeviationsName = "standard_deviations.npy";

    /// <summary>The shared decoder's outputs, where they are kept.</summary>
    public const string ReconstructionsName = "reconstructions.npy";

    /// <summary>The broken clips that were left out, where there were any.</summary>
    public const string SkippedName = "skipped.jsonl";

    /// <summary>Writes an embedding folder. Stopped at any time it leaves what was there before or the new embeddings, whole.</summary>
    /// <param name="folder">The folder; created where missing.</param>
    /// <param name="set">The embeddings, at least one row.</param>
    /// <exception cref="ArgumentException">There is no row, a value is not finite, or a row does not follow the schema.</exception>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    public static void Write(string folder, EmbeddingSet set) => Write(folder, set, [], null);

    /// <summary>The same, with the broken clips of the corpus that have no embedding.</summary>
    /// <param name="folder">The folder; created where missing.</param>
    /// <param name="set">The embeddings, at least one row.</param>
    /// <param name="skipped">The clips that were left out.</param>
    /// <exception cref="ArgumentException">There is no row, a value is not finite, or a row does not follow the schema.</exception>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    public static void Write(string folder, EmbeddingSet set, IReadOnlyList<SkippedClip> skipped) => Write(folder, set, skipped, null);

    /// <summary>The same; <paramref name="reached"/> is called after every change to the folder, for tests.</summary>
    internal static void Write(string folder, EmbeddingSet set, IReadOnlyList<SkippedClip> skipped, Action? reached)
    {
        ArgumentNullException.ThrowIfNull(skipped);
        ArgumentException.ThrowIfNullOrEmpty(folder);
        ArgumentNullException.ThrowIfNull(set);
        if (set.Count == 0)
        {
            throw UserError.Mark(new ArgumentException("There is no row to write; expected at least one.", nameof(set)));
        }

        foreach ((float[] values, int columns) in new[]
        {
            (set.Values, set.Dimension),
            (set.StandardDeviations ?? [], set.Dimension),
            (set.Reconstructions ?? [], set.ReconstructionLength),
        })
        {
            if (NotFinite(values, columns, set.Rows) is string found)
            {
                throw UserError.Mark(new ArgumentException($"'set' has {found}; must be finite.", nameof(set)));
            }
        }

        EmbeddingFolder.Replace(folder, target => WriteFiles(target, folder, set, skipped), reached);
    }

    /// <summary>Reads an embedding folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <exception cref="FileNotFoundException">One of its two files is missing.</exception>
    /// <exception cref="InvalidDataException">A file is broken, a value is not finite, or matrices and rows differ in number.</exception>
    public static EmbeddingSet Read(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        string matrix = EmbeddingFolder.Find(folder, MatrixName);
        string names = EmbeddingFolder.Find(folder, RowsName);
        (float[] values, int rowCount, int dimension) = NpyFile.Read(matrix);
        EmbeddingRow[] rows = [.. JsonFile.ReadLines(names, FileSchema.EmbeddingRow).Select(ToRow)];
        if (rows.Length != rowCount)
        {
            throw new InvalidDataException(
                $"{names}: has {rows.Length} rows; expected {rowCount}, as {matrix} has: the two files are not of one run.");
        }

        if (rowCount == 0 || dimension == 0)
        {
            throw new InvalidDataException(
                $"{matrix}: holds {rowCount} x {dimension} numbers; expected at least one row and one column.");
        }

        RequireFinite(matrix, values, dimension, rows);
        return new EmbeddingSet(
            values,
            dimension,
            rows,
            ReadPart(EmbeddingFolder.Find(folder, StandardDeviationsName), rows, dimension),
            ReadPart(EmbeddingFolder.Find(folder, ReconstructionsName), rows, null));
    }

    private static float[]? ReadPart(string path, EmbeddingRow[] rows, int? columns)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        (float[] values, int rowCount, int columnCount) = NpyFile.Read(path);
        if (rowCount != rows.Length || columnCount == 0 || columnCount != (columns ?? columnCount))
        {
            string expected = columns is int own ? $"{own}" : "at least one";
            throw new InvalidDataException(
                $"{path}: holds {rowCount} x {columnCount} numbers; "
                + $"expected {rows.Length} x {expected}, as {MatrixName} beside it has.");
        }

        RequireFinite(path, values, columnCount, rows);
        return values;
    }

    private static void RequireFinite(string path, float[] values, int columns, EmbeddingRow[] rows)
    {
        if (NotFinite(values, columns, rows) is string found)
        {
            throw new InvalidDataException($"{path}: has {found}; expected a finite number.");
        }
    }

    private static string? NotFinite(float[] values, int columns, IReadOnlyList<EmbeddingRow> rows) =>
        Array.FindIndex(values, value => !float.IsFinite(value)) is >= 0 and int index
            ? FormattableString.Invariant(
                $"{values[index]} as value {index % columns} of row {index / columns} ({rows[index / columns].Label})")
            : null;

    /// <summary>The broken clips that were left out when an embedding folder was written; none where all were sound.</summary>
    /// <param name="folder">The folder.</param>
    /// <exception cref="InvalidDataException">The file is broken.</exception>
    public static IReadOnlyList<SkippedClip> ReadSkipped(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        string path = EmbeddingFolder.Find(folder, SkippedName);
        return File.Exists(path) ? [.. JsonFile.ReadLines(path, FileSchema.SkippedClip).Select(SkippedClip.Of)] : [];
    }

    /// <summary>Writes the file of skipped clips alone, where there are any.</summary>
    internal static void WriteSkipped(string folder, IReadOnlyList<SkippedClip> skipped)
    {
        if (skipped.Count > 0)
        {
            JsonFile.WriteLines(Path.Combine(folder, SkippedName), FileSchema.SkippedClip, skipped.Select(clip => clip.ToJson()));
        }
    }

    private static void WriteFiles(string target, string folder, EmbeddingSet set, IReadOnlyList<SkippedClip> skipped)
    {
        WriteSkipped(target, skipped);
        NpyFile.Write(Path.Combine(target, MatrixName), set.Values, set.Count, set.Dimension);
        if (set.StandardDeviations is float[] standardDeviations)
        {
            NpyFile.Write(Path.Combine(target, StandardDeviationsName), standardDeviations, set.Count, set.Dimension);
        }

        if (set.Reconstructions is float[] reconstructions)
        {
            NpyFile.Write(Path.Combine(target, ReconstructionsName), reconstructions, set.Count, set.ReconstructionLength);
        }

        string rows = Path.Combine(folder, RowsName); // the name in messages
        AtomicFile.Write(Path.Combine(target, RowsName), stream =>
        {
            for (int i = 0; i < set.Count; i++)
            {
                stream.Write(JsonFile.Line(rows, i + 1, FileSchema.EmbeddingRow, ToJson(set.Rows[i])));
            }
        });
    }

    /// <summary>A line of rows.jsonl.</summary>
    internal static JsonObject ToJson(EmbeddingRow row) => new()
    {
        ["identity"] = row.Identity,
        ["clip"] = row.Clip,
        ["modality"] = EnumText.Of(row.Modality),
        ["split"] = EnumText.Of(row.Split),
        ["gender"] = row.Gender,
        ["nationality"] = row.Nationality,
        ["age"] = row.Age,
    };

    /// <summary>What a line of rows.jsonl says.</summary>
    internal static EmbeddingRow ToRow(StrictJson line) => new()
    {
        Identity = line["identity"].AsString(),
        Clip = line["clip"].AsString(),
        Modality = line["modality"].AsEnum<Modality>(),
        Split = line["split"].AsEnum<CorpusSplit>(),
        Gender = line.Find("gender")?.AsString(),
        Nationality = line.Find("nationality")?.AsString(),
        Age = line.Find("age")?.AsDouble(),
    };
}
