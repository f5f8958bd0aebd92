using static TorchSharp.torch;

namespace CrossModalVae.Training;

/// <summary>Alignment terms: distances of the two posteriors of a clip; sums over dimensions, means over pairs.</summary>
internal static class Alignment
{
    /// <summary>
    /// Squared distance of the two samples, ||z_v - z_f||^2 (Zhu et al. 2021; their code aligns samples), of [B, D] each; a scalar.
    /// </summary>
    public static Tensor SampleL2(Tensor zVoice, Tensor zFace)
    {
        Tensor difference = zVoice - zFace; // [B, D]
        return (difference * difference).sum().Over(zVoice.shape[0]); // []
    }

    /// <summary>
    /// Squared 2-Wasserstein distance of two diagonal Gaussians in closed form, W2^2 = sum (mu1 - mu2)^2 + sum (sigma1 - sigma2)^2
    /// (Givens, Shortt 1984, for covariances that commute); a scalar.
    /// </summary>
    public static Tensor GaussianWasserstein(GaussianPosterior voice, GaussianPosterior face)
    {
        Tensor means = voice.Mean - face.Mean; // [B, D]
        Tensor sigmas = voice.StandardDeviation - face.StandardDeviation; // [B, D]
        return (means * means).Plus(sigmas * sigmas).sum().Over(voice.Mean.shape[0]); // []
    }
}
