namespace CrossModalVae.Pipelines;

/// <summary>
/// One embedding of a clip from the posteriors of its voice and face. A missing modality is a vector of NaN; where both are missing, so is
/// the joint embedding.
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
    /// The mean of the product of the present posteriors and the prior N(0, I): each posterior weighs by its precision exp(-logVar), the
    /// prior by 1 (Wu and Goodman, "Multimodal generative models for scalable weakly-supervised learning", 2018, section 2.2). A missing
    /// modality's factor is left out.
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
            // Precisions relative to the largest, so that a very sure expert cannot overflow.
            double voiceLog = hasVoice ? -voiceLogVariance[d] : double.NegativeInfinity;
            double faceLog = hasFace ? -faceLogVariance[d] : double.NegativeInfinity;
            double largest = Math.Max(0, Math.Max(voiceLog, faceLog));
            double voice = Math.Exp(voiceLog - largest);
            double face = Math.Exp(faceLog - largest);
            double weighted = (hasVoice ? voice * voiceMean[d] : 0) + (hasFace ? face * faceMean[d] : 0);
            joint[d] = (float)(weighted / (Math.Exp(-largest) + voice + face));
        }
    }

    /// <summary>Whether a vector stands for a missing modality: it holds a NaN.</summary>
    /// <param name="vector">[D].</param>
    public static bool IsMissing(ReadOnlySpan<float> vector)
    {
        foreach (float value in vector)
        {
            if (float.IsNaN(value))
            {
                return true;
            }
        }

        return false;
    }

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
