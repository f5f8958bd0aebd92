using CrossModalVae.Metrics;

namespace CrossModalVae.Retrieval;

/// <summary>One query's ranking over a gallery: what a ranking file holds.</summary>
/// <param name="Direction">Which modality asked.</param>
/// <param name="Metric">What nearness meant.</param>
/// <param name="Query">Who asked.</param>
/// <param name="GalleryCount">Rows of the gallery that took part.</param>
/// <param name="Matches">The matches, nearest first.</param>
public sealed record Ranking(
    RetrievalDirection Direction, RankingMetric Metric, RankingProbe Query, int GalleryCount, IReadOnlyList<RankedMatch> Matches)
{
    /// <summary>How an identity's clips became one score; null where clips were ranked.</summary>
    public IdentityAggregation? Identities { get; init; }

    /// <summary>Which rows took part.</summary>
    public RankingFilter Filter { get; init; } = new();

    /// <summary>Where the probabilities are from; null where there are none.</summary>
    public ScoreCalibration? Calibration { get; init; }
}
