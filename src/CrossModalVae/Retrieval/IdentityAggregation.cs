namespace CrossModalVae.Retrieval;

/// <summary>How the scores of an identity's clips are aggregated into one.</summary>
public sealed record IdentityAggregation
{
    /// <summary>An identity scores as its best clip does.</summary>
    public static IdentityAggregation Best { get; } = new();

    /// <summary>An identity scores the mean of its clips.</summary>
    public static IdentityAggregation Mean { get; } = new() { Score = IdentityScore.Mean };

    /// <summary>The aggregation. Default the best clip.</summary>
    public IdentityScore Score { get; init; } = IdentityScore.Best;

    /// <summary>m of <see cref="IdentityScore.TopM"/>, at least 1; the others ignore it. Default 5.</summary>
    public int TopCount { get; init; } = 5;

    /// <summary>An identity scores the mean of its m best clips.</summary>
    /// <param name="count">m, at least 1.</param>
    public static IdentityAggregation TopM(int count) => new() { Score = IdentityScore.TopM, TopCount = count };

    /// <summary>
    /// The best identities of a whole ranking of clips: higher scores first, equal ones by their best clip. Sums are in double precision,
    /// best clips first.
    /// </summary>
    internal IReadOnlyList<RankedIdentity> Rank(IReadOnlyList<RankedRow> found, Func<int, string> identities, int count)
    {

        // Groups come in the order of their best clips, nearest first and equal ones by row; the stable sort keeps it among equal scores.
        return
        [
            .. found.GroupBy(row => identities(row.Row), StringComparer.Ordinal)
                .Select(own => new RankedIdentity(own.Key, own.First().Row, own.Count(), own.Take(Most).Average(row => row.Score)))
                .OrderByDescending(identity => identity.Score).Take(count),
        ];
    }

    /// <summary>Reports every fault at once.</summary>
    /// <exception cref="ArgumentException">A value is out of range; the message lists all faults.</exception>
    public void Validate()
    {
        var faults = new OptionFaults();
        faults.OneOf(Score);
        faults.AtLeast(TopCount, 1);
        faults.ThrowIfAny();
    }

    /// <summary>The score of an identity from its clips' scores, at least one.</summary>
    internal double Combine(IEnumerable<double> scores) => scores.OrderDescending().Take(Most).Average();

    /// <summary>The number of an identity's clips that count at most.</summary>
    private int Most => Score switch
    {
        IdentityScore.Best => 1,
        IdentityScore.Mean => int.MaxValue,
        _ => TopCount,
    };
}

/// <summary>The score of an identity that has several clips in a gallery.</summary>
public enum IdentityScore
{
    /// <summary>The best clip's score: the max rule (Kittler, Hatef, Duin, Matas 1998).</summary>
    Best,

    /// <summary>The mean of all clips' scores: the sum rule (Kittler et al. 1998); independent of the number of clips.</summary>
    Mean,

    /// <summary>The mean of the m best clips' scores, or of all where there are fewer.</summary>
    TopM,
}

/// <summary>An identity of a gallery and its score.</summary>
/// <param name="Identity">The identity.</param>
/// <param name="BestRow">Zero-based row of its best clip.</param>
/// <param name="ClipCount">Number of its ranked clips.</param>
/// <param name="Score">The aggregated score of its clips, higher is nearer.</param>
internal sealed record RankedIdentity(string Identity, int BestRow, int ClipCount, double Score);
