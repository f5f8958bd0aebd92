using CrossModalVae.Clustering;

namespace CrossModalVae.Clusters;

/// <summary>The clusters of some points, by either method.</summary>
public sealed record ClusterAssignment
{
    /// <summary>The method.</summary>
    public required ClusteringMethod Method { get; init; }

    /// <summary>The cluster of each point from 0; -1 is noise.</summary>
    public required IReadOnlyList<int> Labels { get; init; }

    /// <summary>How many clusters there are.</summary>
    public required int ClusterCount { get; init; }

    /// <summary>Share of points that are noise, 0 to 1.</summary>
    public required double NoiseShare { get; init; }

    /// <summary>DBSCAN's eps in use; null for HDBSCAN.</summary>
    public double? Eps { get; init; }

    /// <summary>The knee of the k-distance curve that eps was chosen by; null where eps was given, and for HDBSCAN.</summary>
    public KDistanceKnee? Knee { get; init; }

    /// <summary>DBSCAN's core points; null for HDBSCAN.</summary>
    public IReadOnlyList<bool>? IsCore { get; init; }

    /// <summary>HDBSCAN's membership probabilities; null for DBSCAN.</summary>
    public IReadOnlyList<double>? Probabilities { get; init; }

    /// <summary>HDBSCAN's outlier scores; null for DBSCAN.</summary>
    public IReadOnlyList<double>? OutlierScores { get; init; }

    /// <summary>HDBSCAN's condensed tree; null for DBSCAN.</summary>
    public IReadOnlyList<CondensedEdge>? CondensedTree { get; init; }

    /// <summary>The result of DBSCAN.</summary>
    /// <param name="result">Its result.</param>
    public static ClusterAssignment From(DbscanResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        return new ClusterAssignment
        {
            Method = ClusteringMethod.Dbscan,
            Labels = result.Labels,
            ClusterCount = result.ClusterCount,
            NoiseShare = result.NoiseShare,
            Eps = result.Eps,
            Knee = result.Knee,
            IsCore = result.IsCore,
        };
    }

    /// <summary>The result of HDBSCAN.</summary>
    /// <param name="result">Its result.</param>
    public static ClusterAssignment From(HdbscanResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        return new ClusterAssignment
        {
            Method = ClusteringMethod.Hdbscan,
            Labels = result.Labels,
            ClusterCount = result.ClusterCount,
            NoiseShare = result.NoiseShare,
            Probabilities = result.Probabilities,
            OutlierScores = result.OutlierScores,
            CondensedTree = result.CondensedTree,
        };
    }
}
