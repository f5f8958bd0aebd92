using System.Text.Json.Nodes;
using CrossModalVae.Embeddings;

namespace CrossModalVae.Retrieval.Galleries;

/// <summary>
/// gallery.json (data-schemas/gallery.schema.json): the options, and the committed number of rows and length of rows.jsonl.
/// </summary>
internal sealed record GalleryCommit(GalleryOptions Options, int RowCount, long RowsBytes)
{
    public const string FileName = EmbeddingFolder.GalleryName;

    /// <summary>The matrices that are kept, where they lie now.</summary>
    public IReadOnlyList<GalleryMatrix> Matrices(string folder)
    {
        (string Name, int Columns)[] kept =
        [
            (EmbeddingFile.MatrixName, Options.Dimension),
            (EmbeddingFile.StandardDeviationsName, Options.HasStandardDeviations ? Options.Dimension : 0),
            (EmbeddingFile.ReconstructionsName, Options.ReconstructionLength),
        ];
        return
        [
            .. kept.Where(matrix => matrix.Columns > 0)
                .Select(matrix => new GalleryMatrix(EmbeddingFolder.Find(folder, matrix.Name), matrix.Columns, Options.Precision)),
        ];
    }

    /// <exception cref="FileNotFoundException">There is none.</exception>
    /// <exception cref="InvalidDataException">It does not follow its schema.</exception>
    public static GalleryCommit Read(string folder)
    {
        string path = EmbeddingFolder.Find(folder, FileName);
        if (!File.Exists(path))
        {
            path = Path.Combine(folder, FileName);
            throw new FileNotFoundException(
                $"{path}: there is no such file; expected a gallery folder, as 'cmvae gallery create' makes it.", path);
        }

        StrictJson json = JsonFile.Read(path, FileSchema.Gallery);
        return new GalleryCommit(
            new GalleryOptions
            {
                Dimension = json["dimension"].AsInt32(),
                Precision = json["precision"].AsEnum<FeaturePrecision>(),
                HasStandardDeviations = json["standard_deviations"].AsBoolean(),
                ReconstructionLength = json["reconstruction_length"].AsInt32(),
            },
            json["row_count"].AsInt32(),
            json["rows_bytes"].AsInt64());
    }

    public void Write(string folder)
    {
        JsonObject json = JsonFile.Start(FileSchema.Gallery);
        json["precision"] = EnumText.Of(Options.Precision);
        json["dimension"] = Options.Dimension;
        json["standard_deviations"] = Options.HasStandardDeviations;
        json["reconstruction_length"] = Options.ReconstructionLength;
        json["row_count"] = RowCount;
        json["rows_bytes"] = RowsBytes;
        JsonFile.Write(Path.Combine(folder, FileName), FileSchema.Gallery, json);
    }
}

/// <summary>One .npy file of a gallery.</summary>
internal readonly record struct GalleryMatrix(string Path, int Columns, FeaturePrecision Precision)
{
    /// <summary>Bytes of the file's first rows with the header.</summary>
    public long BytesOf(int rows) => NpyFile.HeaderBytes + ((long)rows * Columns * FeatureCodec.Size(Precision));

    /// <summary>
    /// Refuses a file that is not such a matrix or lacks committed rows. Its header may have fewer, until the append has ended.
    /// </summary>
    /// <exception cref="InvalidDataException">One of the two.</exception>
    public void Check(FileStream stream, int rows)
    {
        (int found, int columns) = NpyFile.ReadHeader(stream, Path, Precision);
        if (columns != Columns || found > rows || stream.Position != NpyFile.HeaderBytes)
        {
            throw new InvalidDataException(
                $"{Path}: is a matrix of {found} x {columns} with a header of {stream.Position} bytes; "
                + $"expected at most {rows} x {Columns} and {NpyFile.HeaderBytes}, as {GalleryCommit.FileName} "
                + "beside it has: the files are not of one gallery.");
        }

        if (stream.Length < BytesOf(rows))
        {
            throw new InvalidDataException(
                $"{Path}: has {stream.Length} bytes; expected at least {BytesOf(rows)}, {rows} x {Columns} {EnumText.Of(Precision)} "
                + "and the header: the file is cut short.");
        }
    }
}
