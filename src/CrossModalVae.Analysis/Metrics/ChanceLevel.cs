namespace CrossModalVae.Metrics;

/// <summary>The exact expected scores of a ranking in random order, of N items of which R are relevant.</summary>
public static class ChanceLevel
{
    /// <summary>Expected reciprocal rank of the first relevant item: sum over r of (1/r) P(first relevant item at rank r).</summary>
    /// <param name="itemCount">N, at least 1.</param>
    /// <param name="relevantCount">R, 1 to N.</param>
    public static double ReciprocalRank(int itemCount, int relevantCount)
    {
        Check(itemCount, relevantCount);
        double expected = 0;
        double noneBefore = 1; // P(no relevant item among the first r - 1)
        for (int r = 1; r <= itemCount - relevantCount + 1; r++)
        {
            double here = (double)relevantCount / (itemCount - r + 1);
            expected += noneBefore * here / r;
            noneBefore *= 1 - here;
        }

        return expected;
    }

    /// <summary>Probability of a relevant item among the first K: 1 - C(N-R, K) / C(N, K).</summary>
    /// <param name="itemCount">N, at least 1.</param>
    /// <param name="relevantCount">R, 1 to N.</param>
    /// <param name="count">K, at least 1.</param>
    public static double Hit(int itemCount, int relevantCount, int count)
    {
        Check(itemCount, relevantCount);
        double none = 1;
        for (int r = 1; r <= Math.Min(count, itemCount); r++)
        {
            none *= Math.Max(0, 1 - ((double)relevantCount / (itemCount - r + 1)));
        }

        return 1 - none;
    }

    /// <summary>Expected average precision: (H_N + (R - 1)(N - H_N) / (N - 1)) / N, where H_N is the N-th harmonic number.</summary>
    /// <param name="itemCount">N, at least 1.</param>
    /// <param name="relevantCount">R, 1 to N.</param>
    public static double AveragePrecision(int itemCount, int relevantCount)
    {
        Check(itemCount, relevantCount);
        if (itemCount == 1)
        {
            return 1;
        }

        double harmonic = Enumerable.Range(1, itemCount).Sum(r => 1.0 / r);
        return (harmonic + ((relevantCount - 1) * (itemCount - harmonic) / (itemCount - 1))) / itemCount;
    }

    private static void Check(int itemCount, int relevantCount)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(itemCount, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(relevantCount, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(relevantCount, itemCount);
    }
}
