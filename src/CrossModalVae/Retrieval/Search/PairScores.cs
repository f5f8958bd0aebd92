using CrossModalVae.Embeddings;

namespace CrossModalVae.Retrieval.Search;

/// <summary>The score of any two rows of a set, the same bits as a <see cref="Ranker"/> gives them.</summary>
internal sealed class PairScores
{
    private readonly RowSearch _search;
    private readonly QueryRows _queries;

    /// <exception cref="ArgumentException">A value is not finite, or the metric needs what the set does not have.</exception>
    public PairScores(EmbeddingSet set, RankingMetric metric)
    {
        RowParts parts = RowParts.Of(set, metric) ?? throw UserError.Mark(new ArgumentException(
            $"The metric {EnumText.Of(metric)} needs {RowParts.NeedOf(metric)}; the embeddings are without.", nameof(set)));
        _search = new RowSearch(
            metric,
            [.. parts.Values.Select((values, part) => new RowMatrix(values, set.Count, parts.Dimensions[part]))],
            Environment.ProcessorCount);
        _queries = QueryRows.From(set, 0, set.Count, metric, parts.Dimensions);
    }

    public double Of(int query, int row) => _search.Score(_queries, query, _search.SquareOf(_queries, query), row);
}
