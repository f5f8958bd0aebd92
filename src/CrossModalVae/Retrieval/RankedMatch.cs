namespace CrossModalVae.Retrieval;

/// <summary>One line of a ranking.</summary>
/// <param name="Rank">One-based rank.</param>
/// <param name="Identity">Whose clip it is.</param>
/// <param name="Clip">The clip's name within its identity; where identities are ranked, the nearest of its clips.</param>
/// <param name="Score">Similarity, higher is nearer; see <see cref="RankingMetric"/>. Where identities are
/// ranked, what its clips' scores come to.</param>
public sealed record RankedMatch(int Rank, string Identity, string Clip, double Score)
{
    /// <summary>How many of the identity's clips took part, where identities are ranked; null elsewhere.</summary>
    public int? ClipCount { get; init; }

    /// <summary>The probability that it is the same person, 0 to 1, where there is a calibration; null elsewhere.</summary>
    public double? Probability { get; init; }
}
