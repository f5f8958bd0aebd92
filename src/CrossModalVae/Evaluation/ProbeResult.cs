using CrossModalVae.Corpora;

namespace CrossModalVae.Evaluation;

/// <summary>What one probe contributes to a protocol.</summary>
internal sealed class ProbeResult
{
    private ProbeResult(int[] relevantRanks, int galleryCount, int matchingCount)
    {
        RelevantRanks = relevantRanks;
        GalleryCount = galleryCount;
        Matched = new double[matchingCount];
    }

    /// <summary>One-based ranks of the relevant items, ascending.</summary>
    internal int[] RelevantRanks { get; }

    /// <summary>Among how many items.</summary>
    internal int GalleryCount { get; }

    /// <summary>Verification trials: a target's score, a non-target's score, and whose that is.</summary>
    internal List<(float Target, float NonTarget, string Other)> Trials { get; } = [];

    /// <summary>1:2, 1:3, ... trials won, a tie counting as its share; all on the same draws.</summary>
    internal double[] Matched { get; }

    /// <param name="scores">[group.Count].</param>
    /// <param name="probe">Who asks.</param>
    /// <param name="group">Who is asked about.</param>
    /// <param name="trialCount">How many trials are drawn.</param>
    /// <param name="random">Where they come from.</param>
    internal static ProbeResult Compute(float[] scores, ClipKey probe, StratumGroup group, int trialCount, SeededRandom random)
    {
        GalleryIndex gallery = group.Index;
        Span<int> negatives = stackalloc int[Math.Min(EvaluationFigures.LargestMatching, gallery.IdentityCount) - 1];
        var result = new ProbeResult(
            GalleryRanks.Of(scores, gallery.RowsOf(probe.Identity), group.TieOrder), group.Count, negatives.Length);
        Span<float> negativeScores = stackalloc float[negatives.Length];
        for (int t = 0; t < trialCount; t++)
        {
            float positive = scores[gallery.DrawPositive(probe, random)];
            gallery.DrawNegatives(probe.Identity, negatives, random);
            for (int k = 0; k < negatives.Length; k++)
            {
                negativeScores[k] = scores[negatives[k]];
            }

            result.Trials.Add((positive, negativeScores[0], gallery.IdentityOf(negatives[0])));
            for (int k = 0; k < negatives.Length; k++)
            {
                result.Matched[k] += MatchingOutcome.Won(positive, negativeScores[..(k + 1)]);
            }
        }

        return result;
    }
}
