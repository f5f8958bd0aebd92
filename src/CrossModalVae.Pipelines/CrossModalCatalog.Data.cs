using CrossModalVae.Embeddings;
using CrossModalVae.Files;
using CrossModalVae.Pipelines.Data;

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
    /// <param name="embeddings">The embeddings; they are read when a cursor comes by, not copied here.</param>
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
