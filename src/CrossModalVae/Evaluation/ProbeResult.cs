namespace CrossModalVae.Evaluation;

/// <summary>What one probe contributes to a protocol.</summary>
internal sealed class ProbeResult
{
    private ProbeResult(int[] relevantRanks, int matchingCount)
    {
        RelevantRanks = relevantRanks;
        Matched = new double[matchingCount];
    }

    /// <summary>One-based ranks of the relevant items, ascending.</summary>
    internal int[] RelevantRanks { get; }

    /// <summary>Verification trials: target and non-target scores in turn.</summary>
    internal List<float> TrialScores { get; } = [];

    /// <summary>1:2, 1:3, ... trials won, a tie counting as its share; all on the same draws.</summary>
    internal double[] Matched { get; }

    internal static ProbeResult Compute(
        float[] scores, ClipKey probe, GalleryIndex gallery, int[] tieOrder, int trialCount, int matchingSize, SeededRandom random)
    {
        int nan = Array.FindIndex(scores, float.IsNaN);
        if (nan >= 0)
        {
            throw new ArgumentException($"The score of probe '{probe.Identity}/{probe.Clip}' against row {nan} of the gallery is NaN; must be a number.");
        }

        bool canMatch = gallery.IdentityCount >= matchingSize;
        Span<int> negatives = stackalloc int[canMatch ? matchingSize - 1 : 1];
        var result = new ProbeResult(GalleryRanks.Of(scores, gallery.RowsOf(probe.Identity), tieOrder), negatives.Length);
        Span<float> negativeScores = stackalloc float[negatives.Length];
        for (int t = 0; t < trialCount; t++)
        {
            float positive = scores[gallery.DrawPositive(probe, random)];
            gallery.DrawNegatives(probe.Identity, negatives, random);
            for (int k = 0; k < negatives.Length; k++)
            {
                negativeScores[k] = scores[negatives[k]];
            }

            result.TrialScores.Add(positive);
            result.TrialScores.Add(negativeScores[0]);
            for (int k = 0; k < negatives.Length; k++)
            {
                result.Matched[k] += MatchingOutcome.Won(positive, negativeScores[..(k + 1)]);
            }
        }

        return result;
    }
}
