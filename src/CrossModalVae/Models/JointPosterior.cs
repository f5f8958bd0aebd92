using System.Numerics.Tensors;
using CrossModalVae.Recipes;

namespace CrossModalVae.Models;

/// <summary>
/// One embedding of a clip from the posteriors of its voice and face. A missing modality is a vector with NaN; where both are missing, so
/// is the joint embedding.
/// </summary>
public static class JointPosterior
{
    /// <summary>
    /// The mean of the two unit-length posterior means; with one modality, that modality's direction. A mean of
    /// zeros has no direction and counts as zeros.
    /// </summary>
    /// <param name="voiceMean">[D], or NaN.</param>
    /// <param name="faceMean">[D], or NaN.</param>
    /// <param name="joint">[D], receives the embedding.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void MeanOfDirections(ReadOnlySpan<float> voiceMean, ReadOnlySpan<float> faceMean, Span<float> joint)
    {
        CheckLength(nameof(voiceMean), voiceMean.Length, joint.Length);
        CheckLength(nameof(faceMean), faceMean.Length, joint.Length);
        bool hasVoice = !IsMissing(voiceMean);
        bool hasFace = !IsMissing(faceMean);
        if (!hasVoice && !hasFace)
        {
            joint.Fill(float.NaN);
            return;
        }

        double share = hasVoice && hasFace ? 0.5 : 1.0;
        double voiceScale = hasVoice ? share * InverseLength(voiceMean) : 0;
        double faceScale = hasFace ? share * InverseLength(faceMean) : 0;
        for (int d = 0; d < joint.Length; d++)
        {
            double sum = hasVoice ? voiceScale * voiceMean[d] : 0;
            joint[d] = (float)(hasFace ? sum + (faceScale * faceMean[d]) : sum);
        }
    }

    /// <summary>
    /// The mean of the product of experts (Wu, Goodman 2018, "Multimodal generative models for scalable weakly-supervised learning",
    /// section 2.2): mu = (sum of mu_m exp(-logVar_m)) / (1 + sum of exp(-logVar_m)) over the modalities m that are there; the 1 is the
    /// precision of the prior N(0, I).
    /// </summary>
    /// <param name="voiceMean">[D], or NaN.</param>
    /// <param name="voiceLogVariance">[D], or NaN.</param>
    /// <param name="faceMean">[D], or NaN.</param>
    /// <param name="faceLogVariance">[D], or NaN.</param>
    /// <param name="joint">[D], receives the embedding.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void ProductOfExperts(
        ReadOnlySpan<float> voiceMean,
        ReadOnlySpan<float> voiceLogVariance,
        ReadOnlySpan<float> faceMean,
        ReadOnlySpan<float> faceLogVariance,
        Span<float> joint)
    {
        CheckLength(nameof(voiceMean), voiceMean.Length, joint.Length);
        CheckLength(nameof(voiceLogVariance), voiceLogVariance.Length, joint.Length);
        CheckLength(nameof(faceMean), faceMean.Length, joint.Length);
        CheckLength(nameof(faceLogVariance), faceLogVariance.Length, joint.Length);
        bool hasVoice = !IsMissing(voiceMean);
        bool hasFace = !IsMissing(faceMean);
        if (!hasVoice && !hasFace)
        {
            joint.Fill(float.NaN);
            return;
        }

        for (int d = 0; d < joint.Length; d++)
        {
            // Precisions relative to the largest, so that a very small variance cannot overflow.
            double voiceLog = hasVoice ? -voiceLogVariance[d] : double.NegativeInfinity;
            double faceLog = hasFace ? -faceLogVariance[d] : double.NegativeInfinity;
            double largest = Math.Max(0, Math.Max(voiceLog, faceLog));
            double voice = Math.Exp(voiceLog - largest);
            double face = Math.Exp(faceLog - largest);
            double weighted = (hasVoice ? voice * voiceMean[d] : 0) + (hasFace ? face * faceMean[d] : 0);
            joint[d] = (float)(weighted / (Math.Exp(-largest) + voice + face));
        }
    }

    /// <summary>The joint embedding of a kind; see <see cref="MeanOfDirections"/> and <see cref="ProductOfExperts"/>.</summary>
    /// <param name="kind">Which.</param>
    /// <param name="voiceMean">[D], or NaN.</param>
    /// <param name="voiceLogVariance">[D], or NaN; not looked at for the mean of directions.</param>
    /// <param name="faceMean">[D], or NaN.</param>
    /// <param name="faceLogVariance">[D], or NaN; not looked at for the mean of directions.</param>
    /// <param name="joint">[D], receives the embedding.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void Compute(
        JointEmbedding kind,
        ReadOnlySpan<float> voiceMean,
        ReadOnlySpan<float> voiceLogVariance,
        ReadOnlySpan<float> faceMean,
        ReadOnlySpan<float> faceLogVariance,
        Span<float> joint)
    {
        if (kind == JointEmbedding.ProductOfExperts)
        {
            ProductOfExperts(voiceMean, voiceLogVariance, faceMean, faceLogVariance, joint);
        }
        else
        {
            MeanOfDirections(voiceMean, faceMean, joint);
        }
    }

    /// <summary>Whether a vector stands for a missing modality: it holds a NaN.</summary>
    /// <param name="vector">[D].</param>
    public static bool IsMissing(ReadOnlySpan<float> vector) =>
        !vector.IsEmpty && float.IsNaN(TensorPrimitives.Max(vector)); // NaN where any value is

    private static double InverseLength(ReadOnlySpan<float> vector)
    {
        double squares = 0;
        foreach (float value in vector)
        {
            squares += (double)value * value;
        }

        return squares > 0 ? 1 / Math.Sqrt(squares) : 0;
    }

    private static void CheckLength(string name, int actual, int expected)
    {
        if (actual != expected)
        {
            throw new ArgumentException($"'{name}' has {actual} numbers; must have as many as 'joint', {expected}.");
        }
    }
}
