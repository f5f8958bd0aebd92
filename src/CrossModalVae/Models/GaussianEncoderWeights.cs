using CrossModalVae.Recipes;

namespace CrossModalVae.Models;

/// <summary>
/// The encoder of one modality, q(z|x) = N(mu(x), diag exp(logVar(x))): features as the front end delivers them are standardised by the
/// training statistics, go through the hidden layers, and end in two linear heads.
/// </summary>
/// <param name="Modality">Voice or face.</param>
/// <param name="Statistics">[F] the input's statistics over the training split; applied first.</param>
/// <param name="Hidden">The hidden layers in order; the first takes F values.</param>
/// <param name="Mean">The head of the posterior mean, [D].</param>
/// <param name="LogVariance">The head of the posterior log-variance, [D].</param>
public sealed record GaussianEncoderWeights(
    Modality Modality,
    FeatureStatistics Statistics,
    IReadOnlyList<DenseLayer> Hidden,
    DenseLayer Mean,
    DenseLayer LogVariance)
{
    /// <summary>F, features in.</summary>
    public int InputCount => Statistics.Length;

    /// <summary>D, latent dimensions out.</summary>
    public int LatentDimension => Mean.OutputCount;
}
