using static TorchSharp.torch;

namespace CrossModalVae.Training;

/// <summary>Terms that draw the two posteriors of one person together; sums over dimensions, means over pairs.</summary>
public static class Alignment
{
    /// <summary>Squared distance of the two samples, ||z_v - z_f||^2 (the alignment of upstream's code; Zhu et al. 2021).</summary>
    /// <param name="zVoice">z ~ q(z|voice), [B, D].</param>
    /// <param name="zFace">z ~ q(z|face), [B, D].</param>
    /// <returns>A scalar.</returns>
    public static Tensor SampleL2(Tensor zVoice, Tensor zFace)
    {
        Tensor difference = zVoice - zFace; // [B, D]
        return (difference * difference).sum() / zVoice.shape[0]; // []
    }

    /// <summary>
    /// Squared 2-Wasserstein distance of two diagonal Gaussians in closed form, W2^2 = sum (mu1 - mu2)^2 + sum (sigma1 - sigma2)^2
    /// (Givens, Shortt 1984, for covariances that commute).
    /// </summary>
    /// <param name="voice">q(z|voice), B rows.</param>
    /// <param name="face">q(z|face), B rows of the same people.</param>
    /// <returns>A scalar.</returns>
    public static Tensor GaussianWasserstein(GaussianPosterior voice, GaussianPosterior face)
    {
        ArgumentNullException.ThrowIfNull(voice);
        ArgumentNullException.ThrowIfNull(face);
        Tensor means = voice.Mean - face.Mean; // [B, D]
        Tensor deviations = voice.StandardDeviation - face.StandardDeviation; // [B, D]
        return ((means * means) + (deviations * deviations)).sum() / voice.Mean.shape[0]; // []
    }
}
