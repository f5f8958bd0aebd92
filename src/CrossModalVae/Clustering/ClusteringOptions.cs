namespace CrossModalVae.Clustering;

/// <summary>The clustering section of a recipe: DBSCAN.</summary>
public sealed record ClusteringOptions
{
    /// <summary>Largest distance of neighbours, above 0, inclusive; null chooses the knee of the k-distance curve. Default null.</summary>
    public double? Eps { get; init; }

    /// <summary>Points within eps, the point itself included, that make a core point; at least 1. Default 5.</summary>
    public int MinSamples { get; init; } = 5;

    /// <summary>The distance. Default cosine.</summary>
    public DistanceMetric Metric { get; init; } = DistanceMetric.Cosine;
}
