using CrossModalVae.Clustering;
using CrossModalVae.Metrics;

namespace CrossModalVae.Evaluation;

/// <summary>How a DBSCAN clustering agrees with the identities.</summary>
public sealed record ClusteringScores
{
    /// <summary>Points clustered.</summary>
    public required int PointCount { get; init; }

    /// <summary>True identities among them.</summary>
    public required int IdentityCount { get; init; }

    /// <summary>Clusters found, noise not counted.</summary>
    public required int ClusterCount { get; init; }

    /// <summary>Share of points in no cluster, 0 to 1.</summary>
    public required double NoiseShare { get; init; }

    /// <summary>The eps in use.</summary>
    public required double Eps { get; init; }

    /// <summary>Adjusted Rand index with noise as one more cluster; 0 on average for random labels.</summary>
    public required double AdjustedRandScore { get; init; }

    /// <summary>Normalised mutual information with noise as one more cluster.</summary>
    public required double NormalisedMutualInformationScore { get; init; }

    /// <summary>Adjusted Rand index over the points in clusters only; null where all are noise.</summary>
    public required double? AdjustedRandScoreWithoutNoise { get; init; }

    /// <summary>Normalised mutual information over the points in clusters only; null where all are noise.</summary>
    public required double? NormalisedMutualInformationScoreWithoutNoise { get; init; }

    /// <summary>Scores a clustering.</summary>
    /// <param name="identities">The true identity of each point.</param>
    /// <param name="result">The clustering of the same points.</param>
    /// <exception cref="ArgumentException">There are no points, or the numbers of points differ.</exception>
    public static ClusteringScores Compute(IReadOnlyList<string> identities, DbscanResult result)
    {
        ArgumentNullException.ThrowIfNull(identities);
        ArgumentNullException.ThrowIfNull(result);
        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        int[] classes = [.. identities.Select(identity => numbers.TryAdd(identity, numbers.Count) ? numbers.Count - 1 : numbers[identity])];
        int[] labels = [.. result.Labels];
        int[] clustered = [.. Enumerable.Range(0, labels.Length).Where(i => labels[i] != DbscanResult.Noise)];
        int[] clusteredClasses = [.. clustered.Select(i => classes[i])];
        int[] clusteredLabels = [.. clustered.Select(i => labels[i])];
        return new ClusteringScores
        {
            PointCount = labels.Length,
            IdentityCount = numbers.Count,
            ClusterCount = result.ClusterCount,
            NoiseShare = result.NoiseShare,
            Eps = result.Eps,
            AdjustedRandScore = ClusterAgreement.AdjustedRandScore(classes, labels),
            NormalisedMutualInformationScore = ClusterAgreement.NormalisedMutualInformationScore(classes, labels),
            AdjustedRandScoreWithoutNoise =
                clustered.Length == 0 ? null : ClusterAgreement.AdjustedRandScore(clusteredClasses, clusteredLabels),
            NormalisedMutualInformationScoreWithoutNoise =
                clustered.Length == 0 ? null : ClusterAgreement.NormalisedMutualInformationScore(clusteredClasses, clusteredLabels),
        };
    }
}
