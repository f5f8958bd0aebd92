using CrossModalVae.Recipes.Terms;
using static TorchSharp.torch;

namespace CrossModalVae.Training.Terms;

/// <summary>The maximum mean discrepancy of samples from the other modality's, or from the prior's.</summary>
internal sealed class MmdTerm(string name, MmdOptions options) : ObjectiveTerm(name, options.Weight)
{
    private static readonly double[] Scales = [0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0];

    /// <summary>
    /// 1/(n (n-1)) sum over i != j of k(x_i, x_j), the same of y, - 2/(n m) sum of k(x_i, y_j) with k(x, y) = sum over s of s C / (s C + |x
    /// - y|^2), C = 2 D (Tolstikhin et al. 2018, algorithm 2 and section 4).
    /// </summary>
    /// <param name="x">[n, D], n at least 2.</param>
    /// <param name="y">[m, D], m at least 2.</param>
    public static Tensor Discrepancy(Tensor x, Tensor y) =>
        Within(x).Plus(Within(y)) - Kernel(Distances.Squared(x, y), x.shape[1]).mean().Times(2.0); // []

    public override TermValue? Evaluate(TermBatch batch)
    {
        if (options.Target == MmdTarget.OtherModality)
        {
            return batch.Voice is { Count: > 1 } voice && batch.Face is { Count: > 1 } face
                ? new TermValue(Discrepancy(voice.Sample, face.Sample), voice.Count + face.Count)
                : null;
        }

        return Mean(batch.Modalities.Select(entry => entry.Rows).Where(rows => rows.Count > 1).Select(rows => (TermValue?)new TermValue(
            Discrepancy(rows.Sample, batch.Noise.Gaussian(rows.Count, rows.Sample.shape[1]).to_type(rows.Sample.dtype)), rows.Count)));
    }

    private static Tensor Within(Tensor x)
    {
        long n = x.shape[0];
        Tensor kernel = Kernel(Distances.Squared(x, x), x.shape[1]); // [n, n]
        return (kernel.sum() - kernel.diagonal(0, 0, 1).sum()).Over(n * (n - 1.0)); // []
    }

    private static Tensor Kernel(Tensor squared, long d) => Scales
        .Select(s => squared.Plus(s * 2.0 * d).reciprocal().Times(s * 2.0 * d))
        .Aggregate(TensorArithmetic.Plus); // [n, m]
}
