using CrossModalVae.Embeddings;
using CrossModalVae.Files;

namespace CrossModalVae.Pipelines;

/// <content>Embedding sets as data views.</content>
public static partial class CrossModalCatalog
{
    /// <summary>The vector column of <see cref="LoadFromEmbeddings"/>.</summary>
    public const string EmbeddingColumn = nameof(EmbeddingItem.Embedding);

    /// <summary>
    /// An embedding set as a data view, a row for each of its rows: Identity, Clip, Modality and Split as
    /// text, Embedding as Vector&lt;Single, D&gt;.
    /// </summary>
    /// <param name="catalog">The data catalog.</param>
    /// <param name="embeddings">The embeddings; they are read by cursors, not copied.</param>
    public static IDataView LoadFromEmbeddings(this DataOperationsCatalog catalog, EmbeddingSet embeddings)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(embeddings);
        SchemaDefinition schema = SchemaDefinition.Create(typeof(EmbeddingItem));
        schema[EmbeddingColumn].ColumnType = new VectorDataViewType(NumberDataViewType.Single, embeddings.Dimension);
        return catalog.LoadFromEnumerable(
            Enumerable.Range(0, embeddings.Count).Select(i => new EmbeddingItem
            {
                Identity = embeddings.Rows[i].Identity,
                Clip = embeddings.Rows[i].Clip,
                Modality = EnumText.Of(embeddings.Rows[i].Modality),
                Split = EnumText.Of(embeddings.Rows[i].Split),
                Embedding = embeddings[i].ToArray(),
            }),
            schema);
    }
}

/// <summary>One row of an embedding set in ML.NET's data view; the vector's length is given by the schema.</summary>
internal sealed class EmbeddingItem
{
    public string Identity { get; set; } = "";

    public string Clip { get; set; } = "";

    public string Modality { get; set; } = "";

    public string Split { get; set; } = "";

    public float[] Embedding { get; set; } = [];
}
