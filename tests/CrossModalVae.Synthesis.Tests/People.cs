namespace CrossModalVae.Synthesis.Tests;

/// <summary>Identities with average traits except those under test.</summary>
internal static class People
{
    public static SharedTraits Shared(Sex sex = Sex.Female, double size = 0, double age = 0, double build = 0, double origin = 0) =>
        new(sex, size, age, build, origin);

    public static VoiceTraits Voice(SharedTraits shared) => new(shared, 0, 0, 0, 0);

    public static FaceTraits Face(SharedTraits shared, double hairLength = 0.5, double beard = 0) =>
        new(shared, 0, 0, 0, 0, 0.4, hairLength, 0.5, 0.5, beard);

    public static IdentityTraits[] Sample(int count, SyntheticCorrelations? correlations = null, long seed = 1) =>
        TraitSampler.Sample(
            new SyntheticCorpusOptions { Identities = count, Seed = seed, Correlations = correlations ?? new SyntheticCorrelations() });

    /// <summary>Scores of each identity's voice with its own face (targets) and with the next identity's (non-targets).</summary>
    public static (double[] Targets, double[] NonTargets) Scores(IdentityTraits[] people, SyntheticCorrelations correlations)
    {
        var matcher = new IdealMatcher(correlations);
        double[] targets = [.. people.Select(p => matcher.Score(p.Voice, p.Face))];
        double[] others = [.. people.Select((p, i) => matcher.Score(p.Voice, people[(i + 1) % people.Length].Face))];
        return (targets, others);
    }
}
