namespace CrossModalVae.Retrieval;

/// <summary>Between what ranks and what clusters and lays out.</summary>
public static class RankingMetricExtensions
{
    /// <summary>The distance of means that is nearest in kind: cosine for the cosine and the inner product, else Euclidean.</summary>
    /// <param name="metric">What nearness means in a ranking.</param>
    public static DistanceMetric ToDistance(this RankingMetric metric) =>
        metric is RankingMetric.Cosine or RankingMetric.InnerProduct ? DistanceMetric.Cosine : DistanceMetric.Euclidean;

    /// <summary>What ranks by a distance.</summary>
    /// <param name="metric">The distance.</param>
    public static RankingMetric ToRanking(this DistanceMetric metric) =>
        metric == DistanceMetric.Cosine ? RankingMetric.Cosine : RankingMetric.Euclidean;
}
