using CrossModalVae.Metrics;

namespace CrossModalVae.Clusters;

/// <summary>The figures of a clustering over some of its points.</summary>
/// <param name="Agreement">With the identities.</param>
/// <param name="SilhouetteScore">Of the clusters themselves, in the clustering's metric, over at most
/// <see cref="ClusteringScores.SilhouetteSampleSize"/> points drawn by the seed; null where there are fewer than
/// two clusters or as many as points.</param>
public sealed record ClusteringFigures(ClusterAgreement Agreement, double? SilhouetteScore);
