namespace CrossModalVae.Metrics;

/// <summary>Scores of one ranked list from the one-based ranks of its relevant items, ascending.</summary>
public static class RankedRelevance
{
    /// <summary>1 / rank of the first relevant item, 0 to 1. Its mean over queries is the mean reciprocal rank (Voorhees 1999).</summary>
    /// <param name="relevantRanks">One-based ranks of the relevant items, ascending, at least one.</param>
    public static double ReciprocalRankScore(ReadOnlySpan<int> relevantRanks) => 1.0 / Check(relevantRanks)[0];

    /// <summary>1 where a relevant item is among the first <paramref name="count"/>, else 0. Its mean over queries is R@K.</summary>
    /// <param name="relevantRanks">One-based ranks of the relevant items, ascending, at least one.</param>
    /// <param name="count">K, at least 1.</param>
    public static double HitScore(ReadOnlySpan<int> relevantRanks, int count) => Check(relevantRanks)[0] <= count ? 1 : 0;

    /// <summary>
    /// Average precision over all relevant items, 0 to 1: the mean of the precisions at their ranks. Its mean over queries is mAP.
    /// </summary>
    /// <param name="relevantRanks">One-based ranks of the relevant items, ascending, at least one.</param>
    public static double AveragePrecisionScore(ReadOnlySpan<int> relevantRanks)
    {
        Check(relevantRanks);
        double sum = 0;
        for (int i = 0; i < relevantRanks.Length; i++)
        {
            sum += (i + 1.0) / relevantRanks[i];
        }

        return sum / relevantRanks.Length;
    }

    private static ReadOnlySpan<int> Check(ReadOnlySpan<int> relevantRanks)
    {
        if (relevantRanks.IsEmpty)
        {
            throw new ArgumentException("'relevantRanks' is empty; a query needs at least one relevant item.", nameof(relevantRanks));
        }

        return relevantRanks;
    }
}
