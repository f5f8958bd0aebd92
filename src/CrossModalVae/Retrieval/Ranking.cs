using CrossModalVae.Metrics;

namespace CrossModalVae.Retrieval;

/// <summary>A ranking of a gallery for one query; the content of a ranking file.</summary>
/// <param name="Direction">The modalities of probe and gallery.</param>
/// <param name="Metric">The metric that ranked.</param>
/// <param name="Query">The probe.</param>
/// <param name="GalleryCount">Rows of the gallery that were ranked.</param>
/// <param name="Matches">The matches, nearest first.</param>
public sealed record Ranking(
    RetrievalDirection Direction, RankingMetric Metric, RankingProbe Query, int GalleryCount, IReadOnlyList<RankedMatch> Matches)
{
    /// <summary>The aggregation of an identity's clips; null where clips were ranked.</summary>
    public IdentityAggregation? Identities { get; init; }

    /// <summary>The filter of the gallery.</summary>
    public RankingFilter Filter { get; init; } = new();

    /// <summary>The calibration of the probabilities; null where there are none.</summary>
    public ScoreCalibration? Calibration { get; init; }

    /// <summary>Where the person asked for stands in the whole ranking; null where it was not looked for.</summary>
    public RankingPlace? Place { get; init; }
}

/// <summary>One line of a ranking.</summary>
/// <param name="Rank">One-based rank.</param>
/// <param name="Identity">The identity of the clip.</param>
/// <param name="Clip">The clip's name within its identity; where identities are ranked, the nearest of its clips.</param>
/// <param name="Score">Similarity, higher is nearer; see <see cref="RankingMetric"/>. Where identities are ranked, the aggregated score of
/// its clips.</param>
public sealed record RankedMatch(int Rank, string Identity, string Clip, double Score)
{
    /// <summary>Number of the identity's ranked clips, where identities are ranked; null elsewhere.</summary>
    public int? ClipCount { get; init; }

    /// <summary>The probability of the same identity, 0 to 1, where there is a calibration; null elsewhere.</summary>
    public double? Probability { get; init; }
}

/// <summary>A gallery's row and its score.</summary>
/// <param name="Row">Zero-based row.</param>
/// <param name="Score">Similarity by the metric, higher is nearer.</param>
public readonly record struct RankedRow(int Row, double Score);

/// <summary>A probe: one clip, or all clips of an identity together.</summary>
/// <param name="Identity">Whose clips they are.</param>
/// <param name="Clip">The clip's name within its identity; null for all clips of the identity.</param>
public sealed record RankingProbe(string Identity, string? Clip)
{
    /// <summary>Number of probe clips.</summary>
    public int ClipCount { get; init; } = 1;

    /// <summary>How they are combined; null for one clip.</summary>
    public ProbeCombination? Combination { get; init; }
}
