using CrossModalVae.Clustering;
using CrossModalVae.Embeddings;
using CrossModalVae.Metrics;

namespace CrossModalVae.Clusters;

/// <summary>The agreement of a clustering with the identities, with noise as one more cluster and without noise.</summary>
public sealed record ClusteringScores
{
    /// <summary>Points of the silhouette at most; each is compared with all points.</summary>
    public const int SilhouetteSampleSize = 2000;

    /// <summary>The method.</summary>
    public required ClusteringMethod Method { get; init; }

    /// <summary>Points clustered.</summary>
    public required int PointCount { get; init; }

    /// <summary>True identities among them.</summary>
    public required int IdentityCount { get; init; }

    /// <summary>Clusters found, noise not counted.</summary>
    public required int ClusterCount { get; init; }

    /// <summary>Share of points in no cluster, 0 to 1.</summary>
    public required double NoiseShare { get; init; }

    /// <summary>DBSCAN's eps in use; null for HDBSCAN.</summary>
    public required double? Eps { get; init; }

    /// <summary>
    /// By which factor the k-distance curve rises around the knee that eps was chosen by (<see cref="KDistanceKnee.Rise"/>); null where eps
    /// was given, and for HDBSCAN.
    /// </summary>
    public double? KneeRise { get; init; }

    /// <summary>
    /// Whether eps was chosen where the k-distance curve has no sharp knee: no distance separates dense from sparse points.
    /// </summary>
    public bool LacksKnee => KneeRise is double rise && Eps is double eps && !new KDistanceKnee(eps, rise).IsSharp;

    /// <summary>Over all points, noise as one more cluster.</summary>
    public required ClusteringMetrics NoiseAsCluster { get; init; }

    /// <summary>Over the points in clusters only; null where all are noise.</summary>
    public required ClusteringMetrics? NoiseLeftOut { get; init; }

    /// <summary>Scores a clustering.</summary>
    /// <param name="embeddings">What was clustered, at least one row.</param>
    /// <param name="result">The clusters of its rows.</param>
    /// <param name="metric">The distance.</param>
    /// <param name="seed">Draws the silhouette's sample.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="ArgumentException">There are no points, or the numbers of points differ.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static ClusteringScores Compute(
        EmbeddingSet embeddings, ClusterAssignment result, DistanceMetric metric, long seed, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(embeddings);
        ArgumentNullException.ThrowIfNull(result);
        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        int[] classes =
        [
            .. embeddings.Rows.Select(row => numbers.TryAdd(row.Identity, numbers.Count) ? numbers.Count - 1 : numbers[row.Identity]),
        ];
        int[] labels = [.. result.Labels];
        int dimension = embeddings.Dimension;
        int[] clustered = [.. Enumerable.Range(0, labels.Length).Where(i => labels[i] != DbscanResult.Noise)];
        ClusteringMetrics all = Metrics(embeddings.Values, classes, labels);
        return new ClusteringScores
        {
            Method = result.Method,
            PointCount = labels.Length,
            IdentityCount = numbers.Count,
            ClusterCount = result.ClusterCount,
            NoiseShare = result.NoiseShare,
            Eps = result.Eps,
            KneeRise = result.Knee?.Rise,
            NoiseAsCluster = all,
            NoiseLeftOut = clustered.Length == 0 ? null
                : clustered.Length == labels.Length ? all
                : Metrics(
                    [.. clustered.SelectMany(i => embeddings[i].ToArray())],
                    [.. clustered.Select(i => classes[i])],
                    [.. clustered.Select(i => labels[i])]),
        };

        ClusteringMetrics Metrics(float[] values, int[] classes, int[] labels) => new(
            ClusterAgreement.Compute(classes, labels),
            Silhouette.Score(values, labels.Length, dimension, labels, metric, SilhouetteSampleSize, seed, cancellationToken));
    }
}

/// <summary>The metrics of a clustering over some of its points.</summary>
/// <param name="Agreement">With the identities.</param>
/// <param name="SilhouetteScore">Of the clusters themselves, in the clustering's metric, over at most
/// <see cref="ClusteringScores.SilhouetteSampleSize"/> points drawn by the seed; null where there are fewer than two clusters or as many as
/// points.</param>
public sealed record ClusteringMetrics(ClusterAgreement Agreement, double? SilhouetteScore);
