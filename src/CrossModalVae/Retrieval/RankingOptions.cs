using CrossModalVae.Clustering;

namespace CrossModalVae.Retrieval;

/// <summary>The ranking section of a recipe.</summary>
public sealed record RankingOptions
{
    /// <summary>What nearness means. Default cosine.</summary>
    public DistanceMetric Metric { get; init; } = DistanceMetric.Cosine;

    /// <summary>How many matches a ranking lists. Default 10.</summary>
    public int Count { get; init; } = 10;
}
