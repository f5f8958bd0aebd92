using CrossModalVae.Audio;
using CrossModalVae.Encoders;
using CrossModalVae.Numerics;

namespace CrossModalVae.Media.Tests.Audio;

public class VoiceInverseTests
{
    public static TheoryData<string, VoiceOptions> FrontEnds => new()
    {
        { "linear, two-sided", Frames(new VoiceOptions()) },
        { "log magnitude", Frames(new VoiceOptions { TwoSided = false, Compression = SpectrumCompression.Log }) },
        { "log-mel-64", Frames(VoicePresets.LogMel64) },
        { "log-mel-80", Frames(VoicePresets.LogMel80) },
        { "kaldi-fbank", Frames(VoicePresets.KaldiFbank) },
    };

    [Theory]
    [MemberData(nameof(FrontEnds))]
    public void ToSound_FramesOfTones_ComeBackAtTheirFrequenciesLevelAndLength(string name, VoiceOptions options)
    {
        const double Low = 440, High = 1_500;
        AudioClip clip = Tones(options.SampleRateHz, options.SampleCount, Low, High);
        float[] features = Features(options, clip);

        AudioClip sound = new VoiceInverse(options).ToSound(features);

        Assert.Equal(options.SampleRateHz, sound.SampleRateHz);
        Assert.InRange(sound.Samples.Length, options.SampleCount - options.FftLength, options.SampleCount);
        foreach (double hz in new[] { Low, High })
        {
            // A mel filter is wider than a tone: its energy comes back near the tone.
            double width = options.MelBins > 0 ? 0.12 * hz : 20, level = Level(sound, hz, width);
            Assert.InRange(level / Level(clip, hz, width), 0.5, 1.4);
            Assert.True(level > 4 * Level(sound, 1.6 * hz, width), $"{name}: {hz} Hz");
        }
    }

    [Theory]
    [MemberData(nameof(FrontEnds))]
    public void ToSound_FeaturesOfTheSound_AreNearTheFeatures(string name, VoiceOptions options)
    {
        var inverse = new VoiceInverse(options);
        float[] features = Features(options, Tones(options.SampleRateHz, options.SampleCount, 300, 2_000));

        AudioClip sound = inverse.ToSound(features, iterations: 100);

        float[] again = Features(options, sound);
        VoiceSpectrum before = inverse.ToSpectrum(features), after = inverse.ToSpectrum(again);
        (int bins, int frames) = (before.BinHz.Count, before.FrameCount);
        float loudest = before.Levels.Max();
        double[] differences =
        [
            .. Enumerable.Range(5, frames - 10).SelectMany(t => Enumerable.Range(0, bins).Select(k => (t * bins) + k))
                .Where(i => before.Levels[i] > loudest - 25)
                .Select(i => (double)Math.Abs(before.Levels[i] - after.Levels[i])),
        ];
        Assert.True(differences.Length > frames, name);
        Assert.InRange(differences.Average(), 0, 2.5); // dB, of what is loud
    }

    [Fact]
    public void ToSound_SameSeed_GivesTheSameSamplesAndAnotherSeedOthers()
    {
        VoiceOptions options = Frames(VoicePresets.LogMel64) with { DurationSeconds = 0.5 };
        var inverse = new VoiceInverse(options);
        float[] features = Features(options, Tones(16_000, 8_000, 300, 900));

        float[] first = inverse.ToSound(features, seed: 1).Samples.ToArray();

        Assert.Equal(first, inverse.ToSound(features, seed: 1).Samples.ToArray());
        Assert.NotEqual(first, inverse.ToSound(features, seed: 2).Samples.ToArray());
    }

    [Fact]
    public void ToSpectrum_PooledLogMel_HasDecibelsAndTheirSpread()
    {
        VoiceOptions options = VoicePresets.LogMel64 with
        {
            Pooling = TimePooling.MeanAndDeviation,
            Normalisation = FeatureNormalisation.Corpus,
        };
        float[] features = [.. Enumerable.Repeat((float)Math.Log(10), 64), .. Enumerable.Repeat((float)Math.Log(10) / 2, 64)];

        VoiceSpectrum spectrum = new VoiceInverse(options).ToSpectrum(features);

        Assert.Equal(1, spectrum.FrameCount);
        Assert.True(spectrum.IsDecibel);
        Assert.All(spectrum.Levels, level => Assert.Equal(10, level, 1e-4)); // a power of 10
        Assert.All(spectrum.Low!, level => Assert.Equal(5, level, 1e-4));
        Assert.All(spectrum.High!, level => Assert.Equal(15, level, 1e-4));
        Assert.All(spectrum.BinHz.Zip(spectrum.BinHz.Skip(1)), pair => Assert.True(pair.First < pair.Second));
    }

    [Fact]
    public void ToSpectrum_TwoSidedMagnitudes_AveragesTheMirroredBins()
    {
        var options = new VoiceOptions { FftLength = 4, WindowSeconds = 2.0 / 16_000, HopSeconds = 1.0 / 16_000 };

        VoiceSpectrum spectrum = new VoiceInverse(options).ToSpectrum([10, 100, 1_000, 300]);

        Assert.Equal([20, 20 * Math.Log10(200), 60], spectrum.Levels.Select(level => (double)level), new Near());
        Assert.Equal([0.0, 4_000, 8_000], spectrum.BinHz);
    }

    [Fact]
    public void ToSound_WhatCannotBeInverted_IsRefusedInASentence()
    {
        VoiceOptions pooled = VoicePresets.Report;
        VoiceOptions normalised = Frames(VoicePresets.LogMel64) with { Normalisation = FeatureNormalisation.ClipOverTime };
        var vectors = new VoiceOptions { Pooling = TimePooling.None, Encoder = new VoiceEncoderOptions { Path = "e.onnx" } };

        Assert.Equal(
            "The recipe's voice features are pooled over time, so that there is a mean spectrum but nothing to hear.",
            Assert.Throws<InvalidOperationException>(() => new VoiceInverse(pooled).ToSound(new float[512])).Message);
        Assert.Contains("normalises each bin over its own clip", new VoiceInverse(normalised).SoundObstacle, StringComparison.Ordinal);
        Assert.False(new VoiceInverse(normalised).ToSpectrum(new float[128]).IsDecibel);
        Assert.Contains("vectors of a pretrained encoder", new VoiceInverse(vectors).SpectrumObstacle, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => new VoiceInverse(vectors).ToSpectrum(new float[3]));
        Assert.Equal(
            "There are 100 features; must be frames of 64 bins. (Parameter 'features')",
            Assert.Throws<ArgumentException>(() => new VoiceInverse(Frames(VoicePresets.LogMel64)).ToSpectrum(new float[100])).Message);
    }

    private static VoiceOptions Frames(VoiceOptions options) => options with
    {
        DurationSeconds = 1,
        Pooling = TimePooling.None,
        Normalisation = FeatureNormalisation.Corpus,
    };

    private static AudioClip Tones(int rate, int count, double low, double high)
    {
        var random = new SeededRandom(3);
        float[] samples =
        [
            .. Enumerable.Range(0, count).Select(n => (float)((0.2 * Math.Sin(2 * Math.PI * low * n / rate))
                + (0.1 * Math.Sin(2 * Math.PI * high * n / rate)) + (0.0003 * random.NextGaussian()))),
        ];
        return new AudioClip(samples, rate);
    }

    private static float[] Features(VoiceOptions options, AudioClip clip)
    {
        var frontEnd = new VoiceFrontEnd(options);
        var features = new float[frontEnd.FeatureCount];
        frontEnd.Extract(clip, features);
        return features;
    }

    // The root of the energy within a width of a frequency, in the middle half of a clip.
    private static double Level(AudioClip clip, double hz, double width)
    {
        ReadOnlySpan<float> samples = clip.Samples.Span[(clip.Samples.Length / 4)..(3 * clip.Samples.Length / 4)];
        double step = (double)clip.SampleRateHz / samples.Length, energy = 0;
        for (double f = hz - width; f <= hz + width; f += step)
        {
            var sum = System.Numerics.Complex.Zero;
            for (int n = 0; n < samples.Length; n++)
            {
                double window = 0.5 - (0.5 * Math.Cos(2 * Math.PI * n / samples.Length));
                sum += window * samples[n] * System.Numerics.Complex.FromPolarCoordinates(1, -2 * Math.PI * f * n / clip.SampleRateHz);
            }

            energy += sum.Magnitude * sum.Magnitude;
        }

        return Math.Sqrt(energy);
    }

    private sealed class Near : IEqualityComparer<double>
    {
        public bool Equals(double x, double y) => Math.Abs(x - y) < 1e-4;

        public int GetHashCode(double obj) => 0;
    }
}
