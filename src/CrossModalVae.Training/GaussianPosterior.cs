using static TorchSharp.torch;

namespace CrossModalVae.Training;

/// <summary>
/// A batch of diagonal Gaussians, q(z|x) = N(mu, diag exp(logVar)); or of Laplace distributions of the same means and variances, scale b =
/// sigma / sqrt(2), where <see cref="PosteriorKind"/> says so.
/// </summary>
/// <param name="Mean">mu, [B, D].</param>
/// <param name="LogVariance">log sigma^2, [B, D].</param>
internal sealed record GaussianPosterior(Tensor Mean, Tensor LogVariance)
{
    // exp of both is well within float32's range, and no posterior that means anything comes near them.
    private const double LeastLogVariance = -30.0;
    private const double MostLogVariance = 20.0;

    /// <summary>
    /// The same with log-variances of -30 to 20, for training: a feature that hardly differs between few training clips can lie thousands
    /// of deviations off in a view or in validation, and exp(log sigma^2) would be infinite.
    /// </summary>
    public GaussianPosterior Bounded() => this with { LogVariance = LogVariance.Clamp(LeastLogVariance, MostLogVariance) }; // [B, D] each

    /// <summary>sigma, [B, D].</summary>
    public Tensor StandardDeviation => LogVariance.Times(0.5).exp(); // [B, D]

    /// <summary>
    /// A sample by reparameterisation, z = mu + sigma * noise, [B, D], so that gradients reach mu and sigma (Kingma, Welling 2014). The
    /// noise is the family's with mean 0 and variance 1, [B, D].
    /// </summary>
    public Tensor Sample(Tensor noise) => Mean.Plus(StandardDeviation * noise); // [B, D]

    /// <summary>The same without gradients.</summary>
    public GaussianPosterior Detached() => new(Mean.detach(), LogVariance.detach()); // [B, D] each

    /// <summary>The posteriors of consecutive rows; views, nothing is copied.</summary>
    public GaussianPosterior Rows(long start, long count) =>
        new(Mean.narrow(0, start, count), LogVariance.narrow(0, start, count)); // [count, D] each
}
