using CrossModalVae.Recipes;

namespace CrossModalVae.Models;

/// <summary>
/// The shared decoder, x_hat = D(z): one network whose last layer gives [face; voice] in standardised units, split and brought back to the
/// front ends' units by the training statistics.
/// </summary>
/// <param name="Layers">The layers in order; the last gives FaceStatistics.Length + VoiceStatistics.Length values, face first.</param>
/// <param name="FaceStatistics">The face features' training statistics.</param>
/// <param name="VoiceStatistics">The voice features' training statistics.</param>
public sealed record SharedDecoderWeights(
    IReadOnlyList<DenseLayer> Layers,
    FeatureStatistics FaceStatistics,
    FeatureStatistics VoiceStatistics)
{
    /// <summary>D, latent dimensions in.</summary>
    public int LatentDimension => Layers[0].InputCount;
}
