using CrossModalVae.Recipes.Terms;
using static TorchSharp.torch;

namespace CrossModalVae.Training.Terms;

/// <summary>The contrastive loss of Learnable PINs and its curriculum.</summary>
/// <remarks>
/// A negative is never nearer than the positive. Such ones keep a collapse stable: with every face at one point, every voice at another and
/// alpha / 2 between them, the loss is alpha^2 / 2, and what nearer negatives push apart outweighs what the pairs have in common.
/// </remarks>
internal sealed class PinsTerm(string name, PinsOptions options) : ObjectiveTerm(name, options.Weight)
{
    private double _hardness = options.HardnessStart;

    /// <summary>
    /// Mean over pairs of y D^2 + (1 - y) max(0, alpha - D)^2 (Nagrani et al. 2018, equation 1), y = 1 for the pairs, and one pair with y =
    /// 0 for each face.
    /// </summary>
    /// <param name="positive">D of each face and its voice, [P].</param>
    /// <param name="negative">D of each face and the voice that was chosen for it, [P].</param>
    /// <param name="margin">alpha.</param>
    public static Tensor Loss(Tensor positive, Tensor negative, double margin)
    {
        Tensor near = negative.Times(-1.0).Plus(margin).relu(); // [P]
        return (positive * positive).mean().Plus((near * near).mean()); // []
    }

    /// <summary>tau of a one-based epoch.</summary>
    public static double HardnessOf(PinsOptions options, int epoch) =>
        Math.Min(options.HardnessEnd, options.HardnessStart + ((epoch - 1) / options.HardnessEpochs * options.HardnessStep));

    public override void StartEpoch(int epoch, Func<Modality, TermRows> train) => _hardness = HardnessOf(options, epoch);

    public override TermValue? Evaluate(TermBatch batch)
    {
        if (batch.PairCount == 0)
        {
            return null;
        }

        TermRows voice = batch.Voice!.First(batch.PairCount), face = batch.Face!.First(batch.PairCount);
        Tensor distances = Distances.Squared(face.Unit, voice.Unit).Plus(Distances.Floor).sqrt(); // [P, P]
        float[] values = distances.to_type(ScalarType.Float32).ToFloats();
        var chosen = new List<(long Face, long Voice)>();
        for (int i = 0; i < batch.PairCount; i++)
        {
            int[] others =
            [
                .. Enumerable.Range(0, batch.PairCount)
                    .Where(j => voice.Clips[j].Identity != face.Clips[i].Identity)
                    .OrderByDescending(j => values[(i * batch.PairCount) + j]), // the easiest first
            ];
            if (others.Length > 0)
            {
                float own = values[(i * batch.PairCount) + i];
                int easier = others.Count(j => values[(i * batch.PairCount) + j] > own);
                chosen.Add((i, others[Math.Min((int)(_hardness * (others.Length - 1)), Math.Max(easier - 1, 0))]));
            }
        }

        if (chosen.Count == 0)
        {
            return null;
        }

        Tensor negative = Distances.Pick(distances, chosen); // [P]
        return new TermValue(Loss(distances.diagonal(0, 0, 1), negative, options.Margin), batch.PairCount);
    }
}
