using CrossModalVae.Augmentation;
using CrossModalVae.Numerics;

namespace CrossModalVae.Media.Tests.Augmentation;

public class FrameAugmenterTests
{
    private const int Frames = 50;
    private const int Bins = 24;

    private static readonly FreshVoiceOptions Nothing = new()
    {
        Probability = 1,
        Gain = 0,
        Tilt = 0,
        Equaliser = 0,
        BandNoise = 0,
        TimeMasks = 0,
        FrequencyMasks = 0,
    };

    [Fact]
    public void Apply_StrengthsOfZeroOrProbabilityZero_ChangeNothing()
    {
        float[] before = Signals.Noise(Frames * Bins, 1, 1);

        Assert.Equal(before, Applied(before, Nothing, 1));
        Assert.Equal(before, Applied(before, new FreshVoiceOptions { Probability = 0 }, 1));
    }

    [Fact]
    public void Apply_SameSeed_GivesTheSameNumbers_AndAnotherSeedOthers()
    {
        float[] before = Signals.Noise(Frames * Bins, 1, 1);

        var always = new FreshVoiceOptions { Probability = 1 };

        Assert.Equal(Applied(before, always, 5), Applied(before, always, 5));
        Assert.NotEqual(Applied(before, always, 5), Applied(before, always, 6));
    }

    [Fact]
    public void Apply_GainTiltAndEqualiser_AddTheSameCurveToEveryFrame_OfTheirStrength()
    {
        var gain = new List<double>();
        var slope = new List<double>();
        for (int seed = 0; seed < 2000; seed++)
        {
            float[] before = new float[3 * Bins];
            float[] own = Applied(before, Nothing with { Gain = 0.5, Tilt = 0.25 }, seed);
            Assert.Equal(own[..Bins], own[Bins..(2 * Bins)]);
            gain.Add((own[0] + own[Bins - 1]) / 2); // the tilt is odd about the middle
            slope.Add((own[Bins - 1] - own[0]) / 2);
        }

        Assert.Equal(0.5, Deviation(gain), 0.03);
        Assert.Equal(0.25, Deviation(slope), 0.015);
        float[] curve = Applied(new float[Bins], Nothing with { Equaliser = 1, EqualiserPoints = 2 }, 3);
        Assert.All(curve.Zip(curve.Skip(1), (a, b) => b - a), step => Assert.Equal(curve[1] - curve[0], step, 1e-5f)); // a line through two
    }

    [Fact]
    public void Apply_Masks_AreZerosOfAtMostTheirShare()
    {
        for (int seed = 0; seed < 200; seed++)
        {
            float[] before = [.. Enumerable.Repeat(1f, Frames * Bins)];
            FreshVoiceOptions masks = Nothing with { TimeMasks = 1, TimeMaskShare = 0.2, FrequencyMasks = 1, FrequencyMaskShare = 0.25 };
            float[] after = Applied(before, masks, seed);

            int[] frames = [.. Enumerable.Range(0, Frames).Where(t => after.Skip(t * Bins).Take(Bins).All(value => value == 0))];
            int[] bins = [.. Enumerable.Range(0, Bins).Where(b => Enumerable.Range(0, Frames).All(t => after[(t * Bins) + b] == 0))];
            Assert.InRange(frames.Length, 0, Frames / 5);
            Assert.InRange(bins.Length, 0, Bins / 4);
            Assert.All(
                after.Index().Where(entry => !frames.Contains(entry.Index / Bins) && !bins.Contains(entry.Index % Bins)),
                entry => Assert.Equal(1f, entry.Item));
        }
    }

    [Fact]
    public void Apply_BandNoise_IsConfinedToAThirdOfTheBins()
    {
        for (int seed = 0; seed < 50; seed++)
        {
            float[] after = Applied(new float[Frames * Bins], Nothing with { BandNoise = 1 }, seed);

            int[] touched = [.. Enumerable.Range(0, Bins).Where(b => Enumerable.Range(0, Frames).Any(t => after[(t * Bins) + b] != 0))];
            Assert.Equal(Bins / 3, touched.Length);
            Assert.Equal(Bins / 3, touched[^1] - touched[0] + 1);
        }
    }

    private static float[] Applied(float[] frames, FreshVoiceOptions options, long seed)
    {
        float[] copy = [.. frames];
        FrameAugmenter.Apply(copy, Bins, options, new SeededRandom(seed));
        return copy;
    }

    private static double Deviation(List<double> values) => Math.Sqrt(values.Average(value => value * value));
}
