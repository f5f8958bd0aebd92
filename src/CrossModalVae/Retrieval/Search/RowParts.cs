using CrossModalVae.Embeddings;

namespace CrossModalVae.Retrieval.Search;

/// <summary>
/// The matrices of an embedding set that a metric compares: means, and standard deviations or reconstructions where it needs them.
/// </summary>
/// <param name="Values">[parts], each [N, D of the part].</param>
/// <param name="Dimensions">[parts].</param>
internal sealed record RowParts(float[][] Values, int[] Dimensions)
{
    public RowMatrix[] ToMatrices(int count) => [.. Values.Select((values, part) => new RowMatrix(values, count, Dimensions[part]))];

    /// <summary>The name of a part's number in messages.</summary>
    public static string NameOf(RankingMetric metric, int part) =>
        part == 0 ? "value" : metric == RankingMetric.MsVae ? "reconstructed feature" : "standard deviation";

    /// <summary>The parts, or null where the set lacks one.</summary>
    public static RowParts? Of(EmbeddingSet set, RankingMetric metric) => metric switch
    {
        RankingMetric.GaussianWasserstein => set.StandardDeviations is float[] deviations
            ? new RowParts([set.Values, deviations], [set.Dimension, set.Dimension])
            : null,
        RankingMetric.MsVae => set.Reconstructions is float[] reconstructions
            ? new RowParts([set.Values, reconstructions], [set.Dimension, set.ReconstructionLength])
            : null,
        _ => new RowParts([set.Values], [set.Dimension]),
    };

    /// <summary>What a metric needs beside means, for messages.</summary>
    public static string NeedOf(RankingMetric metric) => metric == RankingMetric.MsVae ? "reconstructions" : "standard deviations";

    /// <summary>What makes embeddings keep it, for messages.</summary>
    public static string KeeperOf(RankingMetric metric) => $"cmvae embed --{NeedOf(metric).Replace(' ', '-')} keeps them";
}

/// <summary>The score of any two rows of a set, the same bits as a <see cref="Ranker"/> gives them.</summary>
internal sealed class PairScores
{
    private readonly RowSearch _search;
    private readonly QueryRows _queries;

    /// <exception cref="ArgumentException">A value is not finite, or the metric needs what the set does not have.</exception>
    public PairScores(EmbeddingSet set, RankingMetric metric)
    {
        RowParts parts = RowParts.Of(set, metric) ?? throw UserError.Mark(new ArgumentException(
            $"The metric {EnumText.Of(metric)} needs {RowParts.NeedOf(metric)}; the embeddings are without "
                + $"({RowParts.KeeperOf(metric)}).", nameof(set)));
        _search = new RowSearch(metric, parts.ToMatrices(set.Count), Environment.ProcessorCount);
        _queries = QueryRows.From(set, 0, set.Count, metric, parts.Dimensions);
    }

    public double Of(int query, int row) => _search.Score(_queries, query, _search.SquareOf(_queries, query), row);
}
