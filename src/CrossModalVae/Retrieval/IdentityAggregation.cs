namespace CrossModalVae.Retrieval;

/// <summary>How the scores of an identity's clips become one.</summary>
public sealed record IdentityAggregation
{
    /// <summary>An identity scores as its best clip does.</summary>
    public static IdentityAggregation Best { get; } = new();

    /// <summary>An identity scores the mean of its clips.</summary>
    public static IdentityAggregation Mean { get; } = new() { Score = IdentityScore.Mean };

    /// <summary>What an identity scores. Default its best clip.</summary>
    public IdentityScore Score { get; init; } = IdentityScore.Best;

    /// <summary>m of <see cref="IdentityScore.TopM"/>, at least 1; nothing else looks at it. Default 5.</summary>
    public int TopCount { get; init; } = 5;

    /// <summary>An identity scores the mean of its m best clips.</summary>
    /// <param name="count">m, at least 1.</param>
    public static IdentityAggregation TopM(int count) => new() { Score = IdentityScore.TopM, TopCount = count };

    /// <summary>
    /// Identities in order: higher scores first, of equal ones the one whose best clip is nearer, or comes first. Exact: sums
    /// are in double precision, best clips first.
    /// </summary>
    /// <param name="found">Rows with their scores, nearest first, as
    /// <see cref="Ranker.Search(ReadOnlySpan{float}, int, RowMask)"/> gives them; all that take part.</param>
    /// <param name="identities">[N] whose each row of the gallery is.</param>
    /// <param name="count">How many identities to list, at least 1; fewer where there are fewer.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public IReadOnlyList<RankedIdentity> Rank(IReadOnlyList<RankedRow> found, Func<int, string> identities, int count)
    {
        ArgumentNullException.ThrowIfNull(found);
        ArgumentNullException.ThrowIfNull(identities);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        Validate();
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        var sums = new List<Sum>();
        foreach (RankedRow row in found)
        {
            string identity = identities(row.Row);
            if (!places.TryGetValue(identity, out int place))
            {
                places.Add(identity, place = sums.Count);
                sums.Add(new Sum(identity, row.Row));
            }

            sums[place].Add(row.Score, Most);
        }

        // Best clips come nearest first, equal ones by row: a stable sort by score keeps that order among equals.
        return [.. sums.Select(sum => sum.Identity()).OrderByDescending(identity => identity.Score).Take(count)];
    }

    /// <summary>Reports every fault at once.</summary>
    /// <exception cref="ArgumentException">A value lies outside its range; the message lists all that do.</exception>
    public void Validate()
    {
        var faults = new List<string>();
        if (!Enum.IsDefined(Score))
        {
            faults.Add($"'Score' is {Score}; must be one of {string.Join(", ", Enum.GetNames<IdentityScore>())}.");
        }

        if (TopCount < 1)
        {
            faults.Add($"'TopCount' is {TopCount.ToString(CultureInfo.InvariantCulture)}; must be >= 1.");
        }

        OptionFaults.Throw(faults);
    }

    /// <summary>The score of one identity.</summary>
    /// <param name="scores">Its clips' scores, at least one; sorted in place, best first.</param>
    internal double Combine(Span<double> scores)
    {
        scores.Sort(static (a, b) => b.CompareTo(a));
        int count = Math.Min(Most, scores.Length);
        double sum = 0;
        for (int i = 0; i < count; i++)
        {
            sum += scores[i];
        }

        return sum / count;
    }

    /// <summary>At most so many of an identity's clips count.</summary>
    private int Most => Score switch
    {
        IdentityScore.Best => 1,
        IdentityScore.Mean => int.MaxValue,
        _ => TopCount,
    };

    private sealed class Sum(string identity, int bestRow)
    {
        private double _sum;
        private int _used;
        private int _clips;

        public void Add(double score, int most)
        {
            _clips++;
            if (_used < most)
            {
                _sum += score;
                _used++;
            }
        }

        public RankedIdentity Identity() => new(identity, bestRow, _clips, _sum / _used);
    }
}
