using CrossModalVae.Audio;
using CrossModalVae.Media.Tests.Oracles;
using CrossModalVae.Numerics;

namespace CrossModalVae.Media.Tests.Audio;

/// <summary>
/// Every preset against the published tools (Golden/Audio/make_presets_golden.py), the definitions, and what must hold for any of them.
/// </summary>
public class VoicePresetsTests
{
    // In units of each bin's standard deviation over time, by which normalisation divides: the absolute error after it.
    private const double Tolerance = 2e-4;

    private static readonly string[] Clips = ["s2/pwij3p/audio.wav", "x05/lwbsza/audio.wav"];

    /// <summary>No preset: librosa's window and filters.</summary>
    private static readonly VoiceOptions Slaney = VoicePresets.LogMel80 with
    {
        PreEmphasis = 0,
        Window = VoiceWindow.Hann,
        MelFilters = MelFilters.Slaney,
        Compression = SpectrumCompression.FlooredLog,
        LogFloor = 1e-10,
    };

    public static TheoryData<string> Golden => ["voxceleb-scipy", "vgg-matlab", "kaldi-fbank", "log-mel-64", "log-mel-80", "slaney-80"];

    public static TheoryData<string> All => [.. VoicePresets.Names];

    [Theory]
    [InlineData("report", 297, 512)]
    [InlineData("voxceleb-scipy", 298, 512)]
    [InlineData("vgg-matlab", 300, 512)]
    [InlineData("kaldi-fbank", 298, 80)]
    [InlineData("log-mel-64", 301, 64)]
    [InlineData("log-mel-80", 301, 80)]
    public void Get_Name_HasThePublishedShape(string name, int frames, int bins)
    {
        VoiceOptions preset = VoicePresets.Get(name);

        var pooled = new VoiceFrontEnd(preset);
        var unpooled = new VoiceFrontEnd(preset with { Pooling = TimePooling.None });

        Assert.Equal((frames, bins), (pooled.FrameCount, pooled.BinCount));
        Assert.Equal(bins, pooled.FeatureCount);
        Assert.Equal(frames * bins, unpooled.FeatureCount);
        Assert.Equal(2 * bins, new VoiceFrontEnd(preset with { Pooling = TimePooling.MeanAndDeviation }).FeatureCount);
    }

    [Fact]
    public void Get_UnknownName_NamesThePresets()
    {
        var e = Assert.Throws<ArgumentException>(() => VoicePresets.Get("kaldi-fbanks"));

        Assert.Equal(
            "'kaldi-fbanks' is no voice preset; must be one of report, voxceleb-scipy, vgg-matlab, kaldi-fbank, "
            + "log-mel-64, log-mel-80; did you mean 'kaldi-fbank'? "
            + "(Parameter 'name')",
            e.Message);
    }

    [Theory]
    [MemberData(nameof(Golden))]
    public void Extract_Frames_AgreeWithThePublishedTool(string name)
    {
        VoiceOptions options = OneSided(name);
        float[] expected = GoldenVoice.Read($"{name}.every16th.npy"); // [19, bins]
        float[] pooled = GoldenVoice.Read($"{name}.pooled.npy"); // [2 clips, mean and deviation, bins]
        var frontEnd = new VoiceFrontEnd(options with { Pooling = TimePooling.None });
        var normalised = new VoiceFrontEnd(options with { Pooling = TimePooling.None, Normalisation = FeatureNormalisation.ClipOverTime });
        int bins = frontEnd.BinCount;

        float[] raw = frontEnd.Extract(Grid(0));
        float[] unit = normalised.Extract(Grid(0));

        Assert.Equal(19 * bins, expected.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            (int row, int k) = (i / bins, i % bins);
            int at = (16 * row * bins) + k;
            double limit = Tolerance * pooled[bins + k];
            double z = ((double)expected[i] - pooled[k]) / pooled[bins + k];
            Assert.InRange(raw[at], expected[i] - limit, expected[i] + limit);
            Assert.InRange(unit[at], z - Tolerance, z + Tolerance);
        }
    }

    [Theory]
    [MemberData(nameof(Golden))]
    public void Extract_MeanAndDeviation_AgreeWithThePublishedTool(string name)
    {
        float[] expected = GoldenVoice.Read($"{name}.pooled.npy"); // [2 clips, mean and deviation, bins]
        var frontEnd = new VoiceFrontEnd(OneSided(name) with { Pooling = TimePooling.MeanAndDeviation });
        int bins = frontEnd.BinCount;

        for (int clip = 0; clip < Clips.Length; clip++)
        {
            float[] features = frontEnd.Extract(Grid(clip));
            ReadOnlySpan<float> row = expected.AsSpan(clip * 2 * bins, 2 * bins);
            for (int i = 0; i < row.Length; i++)
            {
                double limit = Tolerance * row[bins + (i % bins)];
                Assert.InRange(features[i], row[i] - limit, row[i] + limit);
            }
        }
    }

    [Fact]
    public void Extract_VggAsPublished_DividesByMatlabsDeviation()
    {
        float[] expected = GoldenVoice.Read("vgg-matlab.every16th.npy"); // [19, 257]
        float[] pooled = GoldenVoice.Read("vgg-matlab.pooled.npy");
        var frontEnd = new VoiceFrontEnd(OneSided("vgg-matlab") with
        {
            Pooling = TimePooling.None,
            Normalisation = FeatureNormalisation.ClipOverTimeUnbiased,
        });

        float[] features = frontEnd.Extract(Grid(0)); // [300, 257]

        for (int i = 0; i < expected.Length; i++)
        {
            int k = i % 257;
            double z = (expected[i] - pooled[k]) / (pooled[257 + k] * Math.Sqrt(300 / 299.0));
            Assert.InRange(features[(16 * (i / 257) * 257) + k], z - Tolerance, z + Tolerance);
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    [InlineData("slaney-80")]
    public void Extract_SeededNoise_AgreesWithTheDefinition(string name)
    {
        // Louder and quieter parts, so that every bin varies over time as a voice's does.
        var random = new SeededRandom(23);
        float[] samples =
        [
            .. Enumerable.Range(0, 48_240).Select(n => (float)(random.NextGaussian() * 0.05 * Math.Exp(3 * Math.Sin(n / 4_000.0)))),
        ];
        VoiceOptions options = OneSided(name) with { Dither = 0, Pooling = TimePooling.None };
        var frontEnd = new VoiceFrontEnd(options);
        int bins = frontEnd.BinCount;
        float[] deviations = Extract(new VoiceFrontEnd(options with { Pooling = TimePooling.MeanAndDeviation }), samples)[bins..];

        float[] features = Extract(frontEnd, samples);

        int[] frames = [0, 1, 2, 37, 150, frontEnd.FrameCount - 2, frontEnd.FrameCount - 1];
        foreach (int frame in frames)
        {
            double[] expected = DirectVoice.Frame(options, samples, frame);
            for (int k = 0; k < bins; k++)
            {
                double limit = Tolerance * deviations[k];
                Assert.InRange(features[(frame * bins) + k], expected[k] - limit, expected[k] + limit);
            }
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Extract_PureTone_LandsInItsBin(string name)
    {
        VoiceOptions options = OneSided(name) with { Pooling = TimePooling.None };
        var frontEnd = new VoiceFrontEnd(options);
        float[] tone = [.. Enumerable.Range(0, 48_240).Select(n => (float)(0.5 * Math.Cos(2 * Math.PI * 2_000 * n / 16_000)))];
        int expected = options.MelBins == 0 ? 64 : Enumerable.Range(0, options.MelBins)
            .MinBy(filter => Math.Abs(DirectVoice.MelCentre(options, filter) - 2_000));

        float[] features = Extract(frontEnd, tone); // [frames, bins]

        // The first and last frames of mirrored ends hold a fold of the tone.
        for (int frame = 2; frame < frontEnd.FrameCount - 2; frame++)
        {
            float[] row = features[(frame * frontEnd.BinCount)..((frame + 1) * frontEnd.BinCount)];
            Assert.Equal(expected, Array.IndexOf(row, row.Max()));
        }
    }

    [Theory]
    [InlineData("report", 0)]
    [InlineData("voxceleb-scipy", 0)]
    [InlineData("vgg-matlab", 0)]
    [InlineData("kaldi-fbank", -15.942385152878742)] // ln(2^-23)
    [InlineData("log-mel-64", -13.815510557964274)] // ln(1e-6)
    [InlineData("log-mel-80", -13.815510557964274)]
    public void Extract_Silence_IsTheFloorExactly(string name, double floor)
    {
        var silence = new float[48_240];
        VoiceOptions unpooled = VoicePresets.Get(name) with { Pooling = TimePooling.None };

        Assert.All(Extract(new VoiceFrontEnd(unpooled), silence), x => Assert.Equal((float)floor, x));
        Assert.All(Extract(new VoiceFrontEnd(VoicePresets.Get(name)), silence), x => Assert.Equal((float)floor, x));
        foreach (FeatureNormalisation clip in new[] { FeatureNormalisation.ClipOverTime, FeatureNormalisation.ClipOverTimeUnbiased })
        {
            Assert.All(Extract(new VoiceFrontEnd(unpooled with { Normalisation = clip }), silence), x => Assert.Equal(0f, x));
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Extract_ConstantOffset_IsFinite(string name)
    {
        float[] constant = [.. Enumerable.Repeat(0.9f, 48_240)];

        foreach (TimePooling pooling in Enum.GetValues<TimePooling>())
        {
            Assert.All(Extract(new VoiceFrontEnd(VoicePresets.Get(name) with { Pooling = pooling }), constant), x =>
                Assert.True(float.IsFinite(x)));
        }

        var normalised = new VoiceFrontEnd(
            VoicePresets.Get(name) with { Pooling = TimePooling.None, Normalisation = FeatureNormalisation.ClipOverTime });
        Assert.All(Extract(normalised, constant), x => Assert.True(float.IsFinite(x)));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Extract_ManyThreads_GivesTheBitsOfOne(string name)
    {
        VoiceOptions options = VoicePresets.Get(name) with
        {
            Pooling = TimePooling.None,
            Normalisation = FeatureNormalisation.ClipOverTime,
        };
        var alone = new VoiceFrontEnd(options);
        float[][] expected = [.. Enumerable.Range(0, 12).Select(i => alone.Extract(Grid(i % 2), 0.05 * i))];

        var shared = new VoiceFrontEnd(options);
        var actual = new float[expected.Length][];
        Parallel.For(
            0, actual.Length, new ParallelOptions { MaxDegreeOfParallelism = 4 }, i => actual[i] = shared.Extract(Grid(i % 2), 0.05 * i));

        Assert.Equal(expected, actual);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Extract_OnceWarm_AllocatesNothing(string name)
    {
        VoiceOptions options = VoicePresets.Get(name) with
        {
            Pooling = TimePooling.None,
            Normalisation = FeatureNormalisation.ClipOverTime,
        };
        var frontEnd = new VoiceFrontEnd(options);
        AudioClip clip = WavFile.Read(Grid(0));
        var features = new float[frontEnd.FeatureCount];
        for (int i = 0; i < 3; i++)
        {
            frontEnd.Extract(clip, features);
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        frontEnd.Extract(clip, features);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Validate_ClipNormalisedThenPooled_IsRefusedForEveryPreset(string name)
    {
        foreach (FeatureNormalisation clip in new[] { FeatureNormalisation.ClipOverTime, FeatureNormalisation.ClipOverTimeUnbiased })
        {
            VoiceOptions options = VoicePresets.Get(name) with { Normalisation = clip };

            var e = Assert.Throws<ArgumentException>(options.Validate);
            Assert.StartsWith(
                $"'Normalisation' is {clip} and 'Pooling' is Mean; a bin normalised over a clip's frames has mean 0",
                e.Message,
                StringComparison.Ordinal);
        }

        (VoicePresets.Get(name) with { Normalisation = FeatureNormalisation.None }).Validate();
    }

    [Fact]
    public void Extract_Dither_HasItsShapeAndScale()
    {
        // A loud dither on a tone, so that what it adds can be told: uniform numbers have variance 1/3, triangular ones 1/6.
        float[] tone = [.. Enumerable.Range(0, 48_000).Select(n => (float)(0.1 * Math.Cos(2 * Math.PI * 1_000 * n / 16_000)))];
        VoiceOptions options = new() { RemoveDc = false, PreEmphasis = 0, Spectrum = SpectrumKind.Power, TwoSided = false, Dither = 1 };

        double uniform = Extract(new VoiceFrontEnd(options), tone)[100..].Average();
        double triangular = Extract(new VoiceFrontEnd(options with { DitherShape = DitherShape.Triangular }), tone)[100..].Average();

        // Power of a bin: variance x (0.1 x 32768)^2 / 2 x the window's 158.96 squared; 157 bins x
        // 297 frames leave under 2 percent of chance.
        double unit = Math.Pow(0.1 * 32_768, 2) / 2 * 158.96;
        Assert.InRange(uniform / unit, 0.97 / 3, 1.03 / 3);
        Assert.InRange(triangular / unit, 0.97 / 6, 1.03 / 6);
    }

    private static VoiceOptions OneSided(string name) => name == "slaney-80" ? Slaney : VoicePresets.Get(name) with { TwoSided = false };

    private static string Grid(int clip) => Path.Combine(Fixtures.Grid, Clips[clip]);

    private static float[] Extract(VoiceFrontEnd frontEnd, float[] samples)
    {
        var features = new float[frontEnd.FeatureCount];
        frontEnd.Extract(new AudioClip(samples, 16_000), features);
        return features;
    }
}
