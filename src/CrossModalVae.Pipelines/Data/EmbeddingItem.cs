namespace CrossModalVae.Pipelines.Data;

/// <summary>One row of an embedding set as ML.NET's data view shows it; the vector's length is given by the schema.</summary>
internal sealed class EmbeddingItem
{
    public string Identity { get; set; } = "";

    public string Clip { get; set; } = "";

    public string Modality { get; set; } = "";

    public string Split { get; set; } = "";

    public float[] Embedding { get; set; } = [];
}
