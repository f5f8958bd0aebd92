using static TorchSharp.torch;

namespace CrossModalVae.Training;

/// <summary>
/// -log p(x | z) of every feature given what the decoder gives for z. Gaussian and Laplace have the variance 1/2, so that beta weighs the
/// same against both.
/// </summary>
internal static class Likelihood
{
    /// <summary>
    /// (x - x_hat)^2 (the Gaussian's, less log(pi) / 2), 2 |x - x_hat| (Laplace, scale 1/2), or the cross-entropy -x log p - (1 - x)
    /// log(1 - p) of p = 1 / (1 + exp(-x_hat)), for which x is clipped to [0, 1]: augmentation can brighten a picture beyond. In the
    /// broadcast shape of both.
    /// </summary>
    public static Tensor Errors(LikelihoodKind kind, Tensor decoded, Tensor x)
    {
        switch (kind)
        {
            case LikelihoodKind.Gaussian:
                Tensor difference = decoded - x;
                return difference * difference;
            case LikelihoodKind.Laplace:
                return (decoded - x).abs().Times(2.0);
            case LikelihoodKind.Bernoulli:
                return nn.functional.logsigmoid(decoded.neg()).neg() - (x.Clamp(0.0, 1.0) * decoded); // log(1 + exp(x_hat)) - x x_hat
            default:
                throw new ArgumentOutOfRangeException(nameof(kind), kind, "The likelihood has no implementation.");
        }
    }

    /// <summary>E[x | z] of what the decoder gives, in standardised units.</summary>
    public static Tensor Mean(LikelihoodKind kind, Tensor decoded) => kind == LikelihoodKind.Bernoulli ? decoded.sigmoid() : decoded;
}
