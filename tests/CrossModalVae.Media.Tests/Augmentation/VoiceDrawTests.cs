using CrossModalVae.Augmentation;

namespace CrossModalVae.Media.Tests.Augmentation;

public class VoiceDrawTests
{
    private const int Draws = 4_000;

    // Five standard deviations of a share of 0.2 over so many draws.
    private const double ShareTolerance = 0.032;

    [Fact]
    public void For_Defaults_AreVoxcelebTrainersFiveEqualChoices()
    {
        VoiceDraw[] draws = Many(new VoiceAugmentationOptions());

        Assert.All(draws, draw =>
            Assert.Equal(
                1, (draw.Reverberates ? 1 : 0) + draw.Additions.Select(a => a.Kind).Distinct().Count() + (draw.KeepsClip ? 1 : 0)));
        foreach (Func<VoiceDraw, bool> choice in (Func<VoiceDraw, bool>[])[d => d.Reverberates, d => d.KeepsClip, Has(
            AdditionKind.Noise), Has(AdditionKind.Music), Has(AdditionKind.Voice)])
        {
            Assert.Equal(0.2, (double)draws.Count(choice) / Draws, ShareTolerance);
        }

        VoiceAddition[] voices = [.. draws.SelectMany(draw => draw.Additions).Where(a => a.Kind == AdditionKind.Voice)];
        Assert.Equal([3, 4, 5, 6, 7], draws.Where(Has(AdditionKind.Voice)).Select(draw => draw.Additions.Count).Distinct().Order());
        AssertFills(voices.Select(a => a.SnrDb), 13, 20);
        AssertFills(draws.Where(Has(AdditionKind.Noise)).Select(draw => Assert.Single(draw.Additions).SnrDb), 0, 15);
        AssertFills(draws.Where(Has(AdditionKind.Music)).Select(draw => Assert.Single(draw.Additions).SnrDb), 5, 15);
    }

    [Fact]
    public void For_EachOnItsOwn_AllComeTogetherWhereAllAreCertain()
    {
        var options = new VoiceAugmentationOptions
        {
            Combine = EffectCombination.Each,
            NoiseProbability = 1,
            MusicProbability = 1,
            BabbleProbability = 1,
            ReverberationProbability = 1,
            SpeedProbability = 1,
            GainProbability = 1,
            SpecAugmentProbability = 1,
        };

        VoiceDraw[] draws = Many(options);

        Assert.All(draws, draw => Assert.True(draw.Reverberates && draw.MasksSpectrum && !draw.KeepsSignal));
        Assert.All(draws, draw =>
            Assert.Equal([AdditionKind.Noise, AdditionKind.Music, AdditionKind.Voice], draw.Additions.Select(a => a.Kind).Distinct()));
        Assert.Equal(Enumerable.Range(90, 21), draws.Select(draw => (int)Math.Round(100 * draw.SpeedFactor)).Distinct().Order());
        AssertFills(draws.Select(draw => draw.GainDb), -6, 6);
    }

    [Fact]
    public void For_ProbabilitiesOfZero_KeepEveryClip()
    {
        var options = new VoiceAugmentationOptions
        {
            NoiseProbability = 0,
            MusicProbability = 0,
            BabbleProbability = 0,
            ReverberationProbability = 0,
        };

        Assert.All(Many(options), draw => Assert.True(draw.KeepsClip));
    }

    [Fact]
    public void For_SeedClipAndView_DecideAndNothingElse()
    {
        var options = new VoiceAugmentationOptions { GainProbability = 1 };
        double Gain(long seed, string clip, int view) => VoiceDraw.For(options, seed, clip, view).GainDb;

        Assert.Equal(Gain(1, "a/1", 1), Gain(1, "a/1", 1));
        Assert.Equal(4, new HashSet<double> { Gain(1, "a/1", 1), Gain(2, "a/1", 1), Gain(1, "a/2", 1), Gain(1, "a/1", 2) }.Count);
        // other effects disturb no draw
        Assert.Equal(Gain(1, "a/1", 1), VoiceDraw.For(options with { SpeedProbability = 1, NoiseProbability = 0 }, 1, "a/1", 1).GainDb);
    }

    [Fact]
    public void Options_Faults_AreAllNamed()
    {
        var options = new VoiceAugmentationOptions
        {
            NoiseProbability = 0.5,
            MusicProbability = 0.5,
            BabbleVoicesMin = 9,
            GainMaxDb = 60,
            SpeedMin = double.NaN,
        };

        var e = Assert.Throws<ArgumentException>(options.Validate);

        Assert.Equal(
            "'BabbleVoicesMin' is 9 and 'BabbleVoicesMax' 7; the first must not be larger. 'SpeedMin' is NaN; "
            + "must be 0.5 to 2. 'GainMaxDb' is 60; must be -40 to 20. "
            + "'Combine' is One and the probabilities of noise, music, babble and reverberation add up to 1.4; "
            + "must be at most 1, or 'Combine' Each.",
            e.Message);
    }

    private static Func<VoiceDraw, bool> Has(AdditionKind kind) => draw => draw.Additions.Any(a => a.Kind == kind);

    private static VoiceDraw[] Many(VoiceAugmentationOptions options) =>
        [.. Enumerable.Range(0, Draws).Select(i => VoiceDraw.For(options, 1, $"p{i / 10}/{i}", 1 + (i % 3)))];

    private static void AssertFills(IEnumerable<double> values, double low, double high)
    {
        double[] all = [.. values];
        double margin = 0.05 * (high - low);
        Assert.All(all, value => Assert.InRange(value, low, high));
        Assert.InRange(all.Min(), low, low + margin);
        Assert.InRange(all.Max(), high - margin, high);
        Assert.Equal((low + high) / 2, all.Average(), margin);
    }
}
