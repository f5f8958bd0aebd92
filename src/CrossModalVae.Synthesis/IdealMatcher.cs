namespace CrossModalVae.Synthesis;

/// <summary>
/// The best matcher there can be on a synthetic corpus. It knows the true traits behind each voice and each face and returns the log
/// likelihood ratio ln p(v, f) / (p(v) p(f)) under the model that made them; by Neyman and Pearson no score of (v, f) separates pairs of
/// one person from pairs of two better, and a learner sees the traits only through sound and pixels. Its AUC is the ceiling of the corpus.
/// </summary>
public sealed class IdealMatcher
{
    private readonly double _size;
    private readonly double _age;
    private readonly double _build;
    private readonly double _origin;

    /// <summary>A matcher for a corpus made with these correlations.</summary>
    /// <param name="correlations">The correlations that the corpus was made with, each in [0, 1).</param>
    /// <exception cref="ArgumentException">A correlation lies outside [0, 1).</exception>
    public IdealMatcher(SyntheticCorrelations correlations)
    {
        ArgumentNullException.ThrowIfNull(correlations);
        new SyntheticCorpusOptions { Correlations = correlations }.Validate();
        (_size, _age, _build, _origin) = (correlations.Size, correlations.Age, correlations.Build, correlations.Origin);
    }

    /// <summary>
    /// The log likelihood ratio (nats) that a voice and a face belong to one person rather than to two; it serves both directions.
    /// </summary>
    /// <param name="voice">The voice's true traits.</param>
    /// <param name="face">The face's true traits.</param>
    /// <returns>The sum over traits; negative infinity where the sexes differ, which one person's never do.</returns>
    public double Score(VoiceTraits voice, FaceTraits face)
    {
        ArgumentNullException.ThrowIfNull(voice);
        ArgumentNullException.ThrowIfNull(face);
        (SharedTraits v, SharedTraits f) = (voice.Shared, face.Shared);
        if (v.Sex != f.Sex)
        {
            return double.NegativeInfinity;
        }

        // p(sex, sex) / (p(sex) p(sex)) = (1/2) / (1/2 * 1/2) = 2.
        return Math.Log(2)
            + GaussianLogRatio(v.Size, f.Size, _size)
            + GaussianLogRatio(v.Age, f.Age, _age)
            + GaussianLogRatio(v.Build, f.Build, _build)
            + GaussianLogRatio(v.Origin, f.Origin, _origin);
    }

    /// <summary>
    /// ln of the density of two standard normal variables with correlation <paramref name="rho"/> over the product of their own densities.
    /// </summary>
    /// <param name="v">The voice's value.</param>
    /// <param name="f">The face's value.</param>
    /// <param name="rho">Their correlation, in (-1, 1).</param>
    internal static double GaussianLogRatio(double v, double f, double rho)
    {
        double rest = 1 - (rho * rho);
        return (-0.5 * Math.Log(rest)) - ((rho * ((rho * ((v * v) + (f * f))) - (2 * v * f))) / (2 * rest));
    }
}
