using CrossModalVae.Recipes.Terms;
using static TorchSharp.torch;

namespace CrossModalVae.Training.Terms;

/// <summary>The sliced Wasserstein distance of the pairs' samples.</summary>
internal sealed class SlicedWassersteinTerm(string name, SlicedWassersteinOptions options) : ObjectiveTerm(name, options.Weight)
{
    /// <summary>
    /// (1/L) sum over l of (1/n) sum over i of (sort(theta_l . x)_i - sort(theta_l . y)_i)^2 (Bonneel et al. 2015, equation 8).
    /// </summary>
    /// <param name="x">[n, D].</param>
    /// <param name="y">[n, D].</param>
    /// <param name="theta">L directions of length 1, [L, D].</param>
    public static Tensor Distance(Tensor x, Tensor y, Tensor theta)
    {
        Tensor difference = Sorted(x) - Sorted(y); // [n, L]
        return (difference * difference).mean(); // []

        Tensor Sorted(Tensor values) => values.mm(theta.t()).sort(0).Values; // [n, L]
    }

    public override TermValue? Evaluate(TermBatch batch)
    {
        if (batch.PairCount < 2)
        {
            return null;
        }

        Tensor x = batch.Voice!.Sample.narrow(0, 0, batch.PairCount), y = batch.Face!.Sample.narrow(0, 0, batch.PairCount); // [n, D]
        Tensor theta = Contrast.UnitLength(batch.Noise.Gaussian(options.Projections, x.shape[1])).to_type(x.dtype); // [L, D]
        return new TermValue(Distance(x, y, theta), batch.PairCount);
    }
}
