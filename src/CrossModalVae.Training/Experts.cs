using static TorchSharp.torch;

namespace CrossModalVae.Training;

/// <summary>Posteriors of several experts.</summary>
internal static class Experts
{
    /// <summary>
    /// The product of Gaussian experts, and of the prior N(0, I) where asked: precision T = sum 1/s_m^2 (+ 1), mu = sum(mu_m / s_m^2) / T,
    /// s^2 = 1/T (Hinton 2002; Wu, Goodman 2018, section 2.2).
    /// </summary>
    public static GaussianPosterior Product(bool withPrior, params IReadOnlyList<GaussianPosterior> experts)
    {
        Tensor precision = experts.Select(q => q.LogVariance.neg().exp()).Aggregate(TensorArithmetic.Plus); // [B, D]
        Tensor total = withPrior ? precision.Plus(1.0) : precision; // [B, D]
        Tensor mean = experts.Select(q => q.Mean * q.LogVariance.neg().exp()).Aggregate(TensorArithmetic.Plus) / total; // [B, D]
        return new GaussianPosterior(mean, total.log().neg());
    }

    /// <summary>KL(q || p) of diagonal Gaussians, summed over dimensions, mean over clips: a scalar, in nats.</summary>
    public static Tensor KullbackLeibler(GaussianPosterior q, GaussianPosterior p)
    {
        Tensor difference = q.Mean - p.Mean; // [B, D]
        Tensor ratio = (q.LogVariance - p.LogVariance).exp(); // [B, D]
        Tensor distance = difference * difference * p.LogVariance.neg().exp(); // [B, D]
        Tensor kl = (ratio.Plus(distance) - (q.LogVariance - p.LogVariance)).Minus(1.0).Times(0.5); // [B, D]
        return kl.sum().Over(q.Mean.shape[0]); // []
    }

    /// <summary>log q(z) of a family with independent dimensions, summed over these, [K, B] of z [K, B, D].</summary>
    public static Tensor LogDensity(GaussianPosterior q, Tensor z, PosteriorKind kind = PosteriorKind.Gaussian)
    {
        if (kind == PosteriorKind.Laplace)
        {
            Tensor logB = q.LogVariance.Times(0.5).Minus(0.5 * Math.Log(2.0)); // [B, D] of b = sigma / sqrt(2)
            Tensor away = (z - q.Mean).abs() * logB.neg().exp(); // [K, B, D]
            return away.Plus(logB).Plus(Math.Log(2.0)).neg().sum(-1); // [K, B]
        }

        Tensor difference = z - q.Mean; // [K, B, D]
        Tensor quadratic = difference * difference * q.LogVariance.neg().exp(); // [K, B, D]
        return quadratic.Plus(q.LogVariance).Plus(Math.Log(2.0 * Math.PI)).Times(-0.5).sum(-1); // [K, B]
    }

    /// <summary>log p(z) of the prior, the family's with mean 0 and variance 1, [K, B] of z [K, B, D].</summary>
    public static Tensor LogPrior(Tensor z, PosteriorKind kind = PosteriorKind.Gaussian) => kind == PosteriorKind.Laplace
        ? z.abs().Times(-Math.Sqrt(2.0)).Minus(0.5 * Math.Log(2.0)).sum(-1)
        : (z * z).Plus(Math.Log(2.0 * Math.PI)).Times(-0.5).sum(-1);
}
