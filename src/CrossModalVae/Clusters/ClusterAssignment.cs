using CrossModalVae.Clustering;

namespace CrossModalVae.Clusters;

/// <summary>Which point belongs to which cluster, whatever method said so.</summary>
public sealed class ClusterAssignment
{
    private ClusterAssignment(IReadOnlyList<int> labels, int clusterCount, double noiseShare)
    {
        Labels = labels;
        ClusterCount = clusterCount;
        NoiseShare = noiseShare;
    }

    /// <summary>The method.</summary>
    public ClusteringMethod Method { get; private init; }

    /// <summary>The cluster of each point from 0; -1 is noise.</summary>
    public IReadOnlyList<int> Labels { get; }

    /// <summary>How many clusters there are.</summary>
    public int ClusterCount { get; }

    /// <summary>Share of points that are noise, 0 to 1.</summary>
    public double NoiseShare { get; }

    /// <summary>DBSCAN's eps in use; null for HDBSCAN.</summary>
    public double? Eps { get; private init; }

    /// <summary>DBSCAN's core points; null for HDBSCAN.</summary>
    public IReadOnlyList<bool>? IsCore { get; private init; }

    /// <summary>HDBSCAN's membership probabilities; null for DBSCAN.</summary>
    public IReadOnlyList<double>? Probabilities { get; private init; }

    /// <summary>HDBSCAN's outlier scores; null for DBSCAN.</summary>
    public IReadOnlyList<double>? OutlierScores { get; private init; }

    /// <summary>What DBSCAN found.</summary>
    /// <param name="result">Its result.</param>
    public static ClusterAssignment From(DbscanResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        return new ClusterAssignment(result.Labels, result.ClusterCount, result.NoiseShare)
        {
            Method = ClusteringMethod.Dbscan,
            Eps = result.Eps,
            IsCore = result.IsCore,
        };
    }

    /// <summary>What HDBSCAN found.</summary>
    /// <param name="result">Its result.</param>
    public static ClusterAssignment From(HdbscanResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        return new ClusterAssignment(result.Labels, result.ClusterCount, result.NoiseShare)
        {
            Method = ClusteringMethod.Hdbscan,
            Probabilities = result.Probabilities,
            OutlierScores = result.OutlierScores,
        };
    }
}
