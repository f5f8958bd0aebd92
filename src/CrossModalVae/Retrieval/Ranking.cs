using CrossModalVae.Clustering;
using CrossModalVae.Evaluation;

namespace CrossModalVae.Retrieval;

/// <summary>One query's ranking over a gallery: what a ranking file holds.</summary>
/// <param name="Direction">Which modality asked.</param>
/// <param name="Metric">What nearness meant.</param>
/// <param name="Query">The clip that asked.</param>
/// <param name="GalleryCount">Rows of the gallery.</param>
/// <param name="Matches">The matches, nearest first.</param>
public sealed record Ranking(
    RetrievalDirection Direction, DistanceMetric Metric, ClipKey Query, int GalleryCount, IReadOnlyList<RankedMatch> Matches);
