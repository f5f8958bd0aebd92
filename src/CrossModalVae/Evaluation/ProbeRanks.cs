namespace CrossModalVae.Evaluation;

/// <summary>One matching trial, and the ranking of one probe, as listed trials have them.</summary>
internal static class ProbeRanks
{
    /// <summary>1 where the positive of a matching trial scores highest, its share of a tie, 0 where a negative does.</summary>
    public static double MatchingShare(float positive, ReadOnlySpan<float> negatives)
    {
        int ties = 1;
        foreach (float negative in negatives)
        {
            if (negative > positive)
            {
                return 0;
            }

            ties += negative == positive ? 1 : 0;
        }

        return 1.0 / ties;
    }

    /// <summary>One-based ranks of the relevant items, ascending; O(N log R) for R of N.</summary>
    /// <param name="scores">[N], higher is nearer.</param>
    /// <param name="relevant">Rows of the relevant items.</param>
    /// <param name="tieOrder">[N]: of equal scores the lower comes first.</param>
    public static int[] Ranks(ReadOnlySpan<float> scores, IReadOnlyList<int> relevant, int[] tieOrder)
    {
        var keys = new (float Score, int Tie)[relevant.Count];
        for (int i = 0; i < keys.Length; i++)
        {
            keys[i] = (scores[relevant[i]], tieOrder[relevant[i]]);
        }

        Array.Sort(keys, (a, b) => a.Score != b.Score ? b.Score.CompareTo(a.Score) : a.Tie.CompareTo(b.Tie)); // nearest first

        // Each item is counted at the first relevant item that it precedes; running sums give the ranks.
        var ranks = new int[keys.Length];
        for (int j = 0; j < scores.Length; j++)
        {
            int low = 0, high = keys.Length;
            while (low < high)
            {
                int middle = (low + high) / 2;
                bool ahead = scores[j] > keys[middle].Score || (scores[j] == keys[middle].Score && tieOrder[j] < keys[middle].Tie);
                (low, high) = ahead ? (low, middle) : (middle + 1, high);
            }

            if (low < ranks.Length)
            {
                ranks[low]++;
            }
        }

        int before = 0;
        for (int i = 0; i < ranks.Length; i++)
        {
            before += ranks[i];
            ranks[i] = before + 1;
        }

        return ranks;
    }
}
