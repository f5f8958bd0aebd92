namespace CrossModalVae.Retrieval;

/// <summary>The ranking section of a recipe.</summary>
public sealed record RankingOptions
{
    /// <summary>The metric that ranks. Default cosine.</summary>
    public RankingMetric Metric { get; init; } = RankingMetric.Cosine;

    /// <summary>How many matches a ranking lists. Default 10.</summary>
    public int Count { get; init; } = 10;

    /// <summary>Reports every fault of these options at once.</summary>
    /// <exception cref="ArgumentException">A value is out of range; the message lists all faults.</exception>
    public void Validate()
    {
        var faults = new OptionFaults();
        faults.AtLeast(Count, 1);
        faults.OneOf(Metric);
        faults.ThrowIfAny();
    }
}

/// <summary>The similarity of two embeddings. Scores are higher for nearer rows, in every metric.</summary>
public enum RankingMetric
{
    /// <summary>The cosine of the two means, -1 to 1; 0 where one of them is all zeros.</summary>
    Cosine,

    /// <summary>The inner product of the two means.</summary>
    InnerProduct,

    /// <summary>The negative Euclidean distance of the two means.</summary>
    Euclidean,

    /// <summary>
    /// The negative 2-Wasserstein distance of the two posteriors, Gaussians with independent dimensions: -sqrt(sum (mu1 - mu2)^2 + sum
    /// (sigma1 - sigma2)^2). Needs standard deviations.
    /// </summary>
    GaussianWasserstein,

    /// <summary>
    /// MS-VAE's score (after Zhu et al., arXiv 2102.03424): -(1/2 |mu1 - mu2| + 1/2 MSE(x1, x2)), x the shared decoder's output, face and
    /// voice, for a mean. Needs reconstructions.
    /// </summary>
    MsVae,
}

/// <summary>Between what ranks and what clusters and lays out.</summary>
internal static class RankingMetricExtensions
{
    /// <summary>The distance of means that is nearest in kind: cosine for the cosine and the inner product, else Euclidean.</summary>
    /// <param name="metric">The ranking metric.</param>
    public static DistanceMetric ToDistance(this RankingMetric metric) =>
        metric is RankingMetric.Cosine or RankingMetric.InnerProduct ? DistanceMetric.Cosine : DistanceMetric.Euclidean;

    /// <summary>What ranks by a distance.</summary>
    /// <param name="metric">The distance.</param>
    public static RankingMetric ToRanking(this DistanceMetric metric) =>
        metric == DistanceMetric.Cosine ? RankingMetric.Cosine : RankingMetric.Euclidean;
}
