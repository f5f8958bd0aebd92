using MathNet.Numerics.Distributions;

namespace CrossModalVae.Synthesis;

/// <summary>
/// Draws identities. A shared trait is a latent value L, and each modality has sqrt(rho) L + sqrt(1 - rho) e with its own e: two standard
/// normal values with correlation rho.
/// </summary>
internal static class TraitSampler
{
    private const double Rounding = 1e-9; // of shares that add up to 1

    private static readonly string[] Regions = ["north", "middle", "south"];

    /// <summary>The identities of a corpus. Except for its split, the n-th does not depend on their number.</summary>
    public static IdentityTraits[] Sample(SyntheticCorpusOptions options)
    {
        CorpusSplit[] splits = Splits(options);
        return [.. Enumerable.Range(0, options.Identities).Select(i => Sample(options, IdentityName(i), splits[i]))];
    }

    private static string IdentityName(int index) => FormattableString.Invariant($"syn{index:D5}");

    private static IdentityTraits Sample(SyntheticCorpusOptions options, string identity, CorpusSplit split)
    {
        var random = SeededRandom.For(options.Seed, $"traits/{identity}");
        SyntheticCorrelations rho = options.Correlations;
        Sex sex = random.NextDouble() < 0.5 ? Sex.Female : Sex.Male;
        (_, double voiceSize, double faceSize) = Shared(random, rho.Size);
        (double age, double voiceAge, double faceAge) = Shared(random, rho.Age);
        (_, double voiceBuild, double faceBuild) = Shared(random, rho.Build);
        (double origin, double voiceOrigin, double faceOrigin) = Shared(random, rho.Origin);

        var voice = new VoiceTraits(
            new SharedTraits(sex, voiceSize, voiceAge, voiceBuild, voiceOrigin),
            Pitch: Gaussian(random),
            PitchRange: Gaussian(random),
            SpeakingRate: Gaussian(random),
            Nasality: Gaussian(random));
        var face = new FaceTraits(
            new SharedTraits(sex, faceSize, faceAge, faceBuild, faceOrigin),
            NoseSize: Gaussian(random),
            EyeSpacing: Gaussian(random),
            LipFullness: Gaussian(random),
            BrowWeight: Gaussian(random),
            HairColour: Round(random.NextDouble()),
            HairLength: Round(random.NextDouble()),
            HairVolume: Round(random.NextDouble()),
            EyeColour: Round(random.NextDouble()),
            Beard: Round(random.NextDouble()));

        double years = Math.Round(18 + (62 * Normal.CDF(0, 1, age)), 1);
        string region = Regions[Math.Min(2, (int)(3 * Normal.CDF(0, 1, origin)))];
        return new IdentityTraits(identity, split, years, region, voice, face);
    }

    private static (double Latent, double Voice, double Face) Shared(SeededRandom random, double rho)
    {
        double latent = random.NextGaussian();
        double common = Math.Sqrt(rho) * latent;
        double own = Math.Sqrt(1 - rho);
        return (latent, Round(common + (own * random.NextGaussian())), Round(common + (own * random.NextGaussian())));
    }

    private static double Gaussian(SeededRandom random) => Round(random.NextGaussian());

    // So that traits.jsonl has exactly the rendered values.
    private static double Round(double value) => Math.Round(value, 6);

    private static CorpusSplit[] Splits(SyntheticCorpusOptions options)
    {
        int train = (int)Math.Round(options.Identities * options.TrainShare, MidpointRounding.AwayFromZero);
        int validation = (int)Math.Round(options.Identities * options.ValidationShare, MidpointRounding.AwayFromZero);
        int[] counts = [train, validation, options.Identities - train - validation];
        RaiseToCompare(
            counts, [options.TrainShare > 0, options.ValidationShare > 0, 1 - options.TrainShare - options.ValidationShare > Rounding]);
        CorpusSplit[] splits =
        [
            .. Enumerable.Repeat(CorpusSplit.Train, counts[0]),
            .. Enumerable.Repeat(CorpusSplit.Validation, counts[1]),
            .. Enumerable.Repeat(CorpusSplit.Test, counts[2]),
        ];
        SeededRandom.For(options.Seed, "splits").Shuffle(splits.AsSpan());
        return splits;
    }

    // Every split with a share gets two people, which training and scores need, where there are enough for all: from the largest split.
    private static void RaiseToCompare(int[] counts, bool[] isAsked)
    {
        if (counts.Sum() < IdentitySplit.FewestToCompare * isAsked.Count(asked => asked))
        {
            return;
        }

        for (int split = 0; split < counts.Length; split++)
        {
            while (isAsked[split] && counts[split] < IdentitySplit.FewestToCompare)
            {
                counts[Array.IndexOf(counts, counts.Max())]--;
                counts[split]++;
            }
        }
    }
}
