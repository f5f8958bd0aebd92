using System.Text.Json.Nodes;

namespace CrossModalVae.Retrieval.Galleries;

/// <summary>What gallery.json says: what is kept, and how much of it is committed (data-schemas/gallery.schema.json).</summary>
/// <param name="Options">What is kept.</param>
/// <param name="RowCount">N.</param>
/// <param name="RowsBytes">Bytes of rows.jsonl.</param>
internal sealed record GalleryCommit(GalleryOptions Options, int RowCount, long RowsBytes)
{
    public const string FileName = "gallery.json";

    /// <summary>The matrices that are kept, with the numbers of a row.</summary>
    public IReadOnlyList<GalleryMatrix> Matrices(string folder)
    {
        var matrices = new List<GalleryMatrix>
        {
            new(Path.Combine(folder, Embeddings.EmbeddingFile.MatrixName), Options.Dimension, Options.Precision),
        };
        if (Options.HasStandardDeviations)
        {
            matrices.Add(new(Path.Combine(folder, Embeddings.EmbeddingFile.StandardDeviationsName), Options.Dimension, Options.Precision));
        }

        if (Options.ReconstructionLength > 0)
        {
            matrices.Add(
                new(Path.Combine(folder, Embeddings.EmbeddingFile.ReconstructionsName), Options.ReconstructionLength, Options.Precision));
        }

        return matrices;
    }

    /// <exception cref="FileNotFoundException">There is none.</exception>
    /// <exception cref="InvalidDataException">It does not follow its schema.</exception>
    public static GalleryCommit Read(string folder)
    {
        string path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
        {
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
