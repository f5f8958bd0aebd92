using static TorchSharp.torch;

namespace CrossModalVae.Training;

/// <summary>
/// The terms of the evidence lower bound (Kingma, Welling 2014, arXiv 1312.6114), each a pure function in the paper's symbols.
/// </summary>
internal static class Elbo
{
    /// <summary>
    /// KL(q || N(0, I)) = 1/2 (mu^2 + sigma^2 - log sigma^2 - 1) of every clip and dimension, [B, D], in nats (Kingma, Welling 2014,
    /// appendix B); sums over dimensions are the clips' divergences.
    /// </summary>
    public static Tensor KullbackLeiblerPerDimension(GaussianPosterior q)
    {
        Tensor mu = q.Mean;
        Tensor logVar = q.LogVariance;
        return ((mu * mu).Plus(logVar.exp()) - logVar).Minus(1.0).Times(0.5); // [B, D]
    }

    /// <summary>
    /// sum over dimensions of max(lambda, KL of the dimension, mean over clips): a scalar, in nats (free bits, Kingma et al. 2016, arXiv
    /// 1606.04934, equation 15).
    /// </summary>
    public static Tensor KullbackLeibler(GaussianPosterior q, double lambda) => lambda == 0.0
        ? KullbackLeibler(q)
        : KullbackLeiblerPerDimension(q).mean([0]).Clamp(lambda, float.MaxValue).sum(); // []

    /// <summary>
    /// KL(q || p) of a family and its prior with mean 0 and variance 1, summed over dimensions, mean over clips: a scalar, in nats. Of
    /// Laplace, with b = sigma / sqrt(2) and the prior's c = 1 / sqrt(2): (b exp(-|mu| / b) + |mu|) / c + log(c / b) - 1 a dimension.
    /// </summary>
    public static Tensor KullbackLeibler(GaussianPosterior q, PosteriorKind kind)
    {
        if (kind == PosteriorKind.Gaussian)
        {
            return KullbackLeibler(q);
        }

        Tensor b = q.StandardDeviation.Over(Math.Sqrt(2.0)), distance = q.Mean.abs(); // [B, D] each
        Tensor near = (b * (distance / b).neg().exp()).Plus(distance).Times(Math.Sqrt(2.0)); // [B, D]
        return (near - q.LogVariance.Times(0.5)).Minus(1.0).sum().Over(q.Mean.shape[0]); // [], log(c / b) = -log sigma
    }

    /// <summary>KL(q || N(0, I)), summed over dimensions, mean over clips: a scalar, in nats.</summary>
    public static Tensor KullbackLeibler(GaussianPosterior q) => KullbackLeiblerPerDimension(q).sum().Over(q.Mean.shape[0]); // []
}
