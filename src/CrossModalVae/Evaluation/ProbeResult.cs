using CrossModalVae.Corpora;

namespace CrossModalVae.Evaluation;

/// <summary>Step 2 of the protocol: the drawn trials and the ranking of one scored probe.</summary>
/// <param name="RelevantRanks">One-based ranks of the relevant items, ascending.</param>
/// <param name="GalleryCount">Items that were ranked.</param>
/// <param name="Trials">Verification: scores of a target and a non-target trial, and the identity of the non-target.</param>
/// <param name="Matched">1:2, 1:3, ... matching trials won, a tie counting as its share; all on the same draws.</param>
internal sealed record ProbeResult(
    int[] RelevantRanks, int GalleryCount, (float Target, float NonTarget, string Other)[] Trials, double[] Matched)
{
    /// <summary>Draws trials and ranks; <paramref name="scores"/> are of the group's rows, higher is nearer.</summary>
    public static ProbeResult Compute(float[] scores, ClipKey probe, StratumGroup group, int trialCount, SeededRandom random)
    {
        GalleryIndex gallery = group.Index;
        var trials = new (float, float, string)[trialCount];
        Span<int> negatives = stackalloc int[Math.Min(EvaluationMetrics.LargestMatching, gallery.IdentityCount) - 1];
        Span<float> negativeScores = stackalloc float[negatives.Length];
        var matched = new double[negatives.Length];
        for (int t = 0; t < trialCount; t++)
        {
            float positive = scores[gallery.DrawPositive(probe, random)];
            gallery.DrawNegatives(probe.Identity, negatives, random);
            for (int k = 0; k < negatives.Length; k++)
            {
                negativeScores[k] = scores[negatives[k]];
                matched[k] += MatchingShare(positive, negativeScores[..(k + 1)]);
            }

            trials[t] = (positive, negativeScores[0], gallery.IdentityOf(negatives[0]));
        }

        return new ProbeResult(Ranks(scores, gallery.RowsOf(probe.Identity), group.TieOrder), scores.Length, trials, matched);
    }

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
