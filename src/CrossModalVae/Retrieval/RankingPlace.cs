namespace CrossModalVae.Retrieval;

/// <summary>Where the person asked for stands in a whole ranking, listed or not.</summary>
/// <param name="Rank">The one-based rank of their best clip, or of their identity where identities are ranked; null where they are not
/// among what was ranked.</param>
/// <param name="RankedCount">How many clips, or identities, were ranked.</param>
/// <param name="OwnCount">How many of them are theirs.</param>
/// <param name="IdentityCount">How many identities were ranked.</param>
public sealed record RankingPlace(int? Rank, int RankedCount, int OwnCount, int IdentityCount)
{
    /// <summary>
    /// The rank to be expected of a random order, (ranked + 1) / (own + 1): the mean of the first of so many drawn places; null where there
    /// is no rank.
    /// </summary>
    public double? ChanceRank => Rank is null ? null : (RankedCount + 1.0) / (OwnCount + 1.0);
}
