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

    /// <summary>An identity scores the mean of its clips, shrunken towards the gallery's mean; see
    /// <see cref="IdentityScore.ShrunkenMean"/>.
    /// </summary>
    public static IdentityAggregation ShrunkenMean { get; } = new() { Score = IdentityScore.ShrunkenMean };

    /// <summary>
    /// k of <see cref="IdentityScore.ShrunkenMean"/>, at least 0, the others ignore it: the gallery's mean counts as much as k clips. Null,
    /// the default: the square root of the largest number of clips that an identity has.
    /// </summary>
    public double? Shrinkage { get; init; }

    /// <summary>
    /// The best identities of a whole ranking of clips: higher scores first, equal ones by their best clip. Sums are in double precision,
    /// best clips first.
    /// </summary>
    internal IReadOnlyList<RankedIdentity> Rank(IReadOnlyList<RankedRow> found, Func<int, string> identities, int count)
    {
        // Groups come in the order of their best clips, nearest first and equal ones by row; the stable sort keeps it among equal scores.
        RankedIdentity[] all =
        [
            .. found.GroupBy(row => identities(row.Row), StringComparer.Ordinal)
                .Select(own => new RankedIdentity(own.Key, own.First().Row, own.Count(), own.Take(Most).Average(row => row.Score))),
        ];
        if (Score == IdentityScore.ShrunkenMean && all.Length > 0)
        {
            var shrinkage = new Shrinkage(all.Average(identity => identity.Score), ClipsOf(all.Max(identity => identity.ClipCount)));
            all = [.. all.Select(identity => identity with { Score = shrinkage.Apply(identity.Score, identity.ClipCount) })];
        }

        return [.. all.OrderByDescending(identity => identity.Score).Take(count)];
    }

    /// <summary>What the mean scores of identities are shrunken by: their clips' scores, one identity after another.</summary>
    internal Shrinkage ShrinkageOf(IEnumerable<double[]> scores)
    {
        double sum = 0;
        int identities = 0, most = 1;
        foreach (double[] own in scores)
        {
            sum += own.Average();
            most = Math.Max(most, own.Length);
            identities++;
        }

        return new Shrinkage(sum / identities, ClipsOf(most));
    }

    /// <summary>Reports every fault at once.</summary>
    /// <exception cref="ArgumentException">A value is out of range; the message lists all faults.</exception>
    public void Validate()
    {
        var faults = new OptionFaults();
        faults.OneOf(Score);
        faults.AtLeast(TopCount, 1);
        faults.Check(Shrinkage is null or (>= 0 and < double.PositiveInfinity), nameof(Shrinkage), Shrinkage ?? 0, "must be >= 0");
        faults.ThrowIfAny();
    }

    /// <summary>The score of an identity from its clips' scores, at least one, and what means are shrunken by.</summary>
    internal double Combine(IReadOnlyCollection<double> scores, Shrinkage? shrinkage = null)
    {
        double score = scores.OrderDescending().Take(Most).Average();
        return shrinkage is Shrinkage by ? by.Apply(score, scores.Count) : score;
    }

    private double ClipsOf(int mostClips) => Shrinkage ?? Math.Sqrt(mostClips);

    /// <summary>The number of an identity's clips that count at most.</summary>
    private int Most => Score switch
    {
        IdentityScore.Best => 1,
        IdentityScore.Mean or IdentityScore.ShrunkenMean => int.MaxValue,
        _ => TopCount,
    };
}

/// <summary>The score of an identity that has several clips in a gallery.</summary>
public enum IdentityScore
{
    /// <summary>
    /// The best clip's score: the max rule (Kittler, Hatef, Duin, Matas 1998). The more clips an identity has, the better the best of them.
    /// </summary>
    Best,

    /// <summary>
    /// The mean of all clips' scores: the sum rule (Kittler et al. 1998). Its average does not depend on the number of clips, but its
    /// spread does: the means of identities with few clips vary most, so both ends of a ranking are theirs.
    /// </summary>
    Mean,

    /// <summary>The mean of the m best clips' scores, or of all where there are fewer.</summary>
    TopM,

    /// <summary>
    /// The mean of all clips' scores, shrunken towards the mean over identities: m + n / (n + k) (mean - m), with n the identity's clips
    /// (James, Stein 1961; with unequal n the form of Efron, Morris 1975). Where scores are noise, a shrunken mean of n clips spreads in
    /// proportion to sqrt(n) / (n + k); with k = sqrt(largest n), the default, identities with one clip spread as much as those with the
    /// most clips, and less than all others.
    /// </summary>
    ShrunkenMean,
}

/// <summary>What mean scores are shrunken by.</summary>
/// <param name="Centre">m, the mean over identities.</param>
/// <param name="Clips">k, the clips that it counts as.</param>
internal readonly record struct Shrinkage(double Centre, double Clips)
{
    public double Apply(double mean, int clipCount) => Centre + (clipCount / (clipCount + Clips) * (mean - Centre));
}

/// <summary>An identity of a gallery and its score.</summary>
/// <param name="Identity">The identity.</param>
/// <param name="BestRow">Zero-based row of its best clip.</param>
/// <param name="ClipCount">Number of its ranked clips.</param>
/// <param name="Score">The aggregated score of its clips, higher is nearer.</param>
internal sealed record RankedIdentity(string Identity, int BestRow, int ClipCount, double Score);
