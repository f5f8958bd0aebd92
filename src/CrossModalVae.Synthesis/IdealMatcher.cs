namespace CrossModalVae.Synthesis;

/// <summary>
/// The optimal matcher of a synthetic corpus. It knows the true traits behind each voice and face and returns the log likelihood ratio
/// ln p(v, f) / (p(v) p(f)) under the model that generated them; by the Neyman-Pearson lemma no score of (v, f) separates target pairs from
/// non-target pairs better, and a learner sees the traits only through sound and pixels. Its AUC is the ceiling of the corpus.
/// </summary>
internal sealed class IdealMatcher
{
    private readonly SyntheticCorrelations _rho;

    /// <summary>A matcher for a corpus with these correlations.</summary>
    /// <exception cref="ArgumentException">A correlation lies outside [0, 1).</exception>
    public IdealMatcher(SyntheticCorrelations correlations)
    {
        ArgumentNullException.ThrowIfNull(correlations);
        new SyntheticCorpusOptions { Correlations = correlations }.Validate();
        _rho = correlations;
    }

    /// <summary>The log likelihood ratio (nats) that a voice and a face are of one identity, in both directions; negative infinity where
    /// the sexes differ.</summary>
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
            + GaussianLogRatio(v.Size, f.Size, _rho.Size)
            + GaussianLogRatio(v.Age, f.Age, _rho.Age)
            + GaussianLogRatio(v.Build, f.Build, _rho.Build)
            + GaussianLogRatio(v.Origin, f.Origin, _rho.Origin);
    }

    /// <summary>ln of the density of two standard normal variables with correlation rho over the product of their own densities.</summary>
    internal static double GaussianLogRatio(double v, double f, double rho)
    {
        double rest = 1 - (rho * rho);
        return (-0.5 * Math.Log(rest)) - ((rho * ((rho * ((v * v) + (f * f))) - (2 * v * f))) / (2 * rest));
    }
}
