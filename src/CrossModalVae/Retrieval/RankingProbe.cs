namespace CrossModalVae.Retrieval;

/// <summary>Who asks: one clip, or all clips of a person together.</summary>
/// <param name="Identity">Whose clips they are.</param>
/// <param name="Clip">The clip's name within its identity; null where all of the person's clips ask.</param>
public sealed record RankingProbe(string Identity, string? Clip)
{
    /// <summary>How many clips ask.</summary>
    public int ClipCount { get; init; } = 1;

    /// <summary>How they ask together; null for one clip.</summary>
    public ProbeCombination? Combination { get; init; }
}
