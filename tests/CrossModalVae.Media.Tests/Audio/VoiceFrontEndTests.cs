using CrossModalVae.Audio;
using CrossModalVae.Numerics;

namespace CrossModalVae.Media.Tests.Audio;

public sealed class VoiceFrontEndTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(TimePooling.None, true, 297 * 512)]
    [InlineData(TimePooling.None, false, 297 * 257)]
    [InlineData(TimePooling.Mean, true, 512)]
    [InlineData(TimePooling.Mean, false, 257)]
    [InlineData(TimePooling.MeanAndDeviation, true, 1_024)]
    public void FeatureCount_Options_AreTheReportsShapes(TimePooling pooling, bool twoSided, int expected)
    {
        var frontEnd = new VoiceFrontEnd(new VoiceOptions { Pooling = pooling, TwoSided = twoSided });

        Assert.Equal(297, frontEnd.FrameCount);
        Assert.Equal(twoSided ? 512 : 257, frontEnd.BinCount);
        Assert.Equal(expected, frontEnd.FeatureCount);
        Assert.Equal(expected, Extract(frontEnd, Voice(3)).Length);
    }

    [Fact]
    public void Extract_TwoSided_MirrorsTheBinsOfEveryFrame()
    {
        var options = new VoiceOptions { Pooling = TimePooling.None };
        float[] two = Extract(new VoiceFrontEnd(options), Voice(3)); // [297, 512]
        float[] one = Extract(new VoiceFrontEnd(options with { TwoSided = false }), Voice(3)); // [297, 257]

        for (int frame = 0; frame < 297; frame++)
        {
            for (int k = 0; k < 512; k++)
            {
                Assert.Equal(one[(frame * 257) + Math.Min(k, 512 - k)], two[(frame * 512) + k]);
            }
        }
    }

    [Fact]
    public void Extract_ManyThreads_GivesTheBitsOfOne()
    {
        var options = new VoiceOptions { Pooling = TimePooling.MeanAndDeviation };
        AudioClip[] clips = [.. Enumerable.Range(0, 40).Select(i => Voice(0.5 + (0.1 * i), i % 3 == 0 ? 22_050 : 16_000, seed: i))];
        var alone = new VoiceFrontEnd(options);
        float[][] expected = [.. clips.Select(clip => Extract(alone, clip))];

        var shared = new VoiceFrontEnd(options);
        var actual = new float[clips.Length][];
        Parallel.For(0, clips.Length, new ParallelOptions { MaxDegreeOfParallelism = 8 }, i => actual[i] = Extract(shared, clips[i]));

        Assert.Equal(expected, actual);
    }

    [Fact]
    public void Extract_FileOrClip_IsTheSame()
    {
        foreach (VoiceCrop crop in Enum.GetValues<VoiceCrop>())
        {
            foreach (int rate in new[] { 16_000, 44_100 })
            {
                var frontEnd = new VoiceFrontEnd(new VoiceOptions { Crop = crop });
                string path = _folder[$"{crop}{rate}.wav"];
                WavFile.Write(path, Voice(5, rate));

                Assert.Equal(Extract(frontEnd, WavFile.Read(path)), frontEnd.Extract(path));
                Assert.Equal(Extract(frontEnd, WavFile.Read(path, 0.5, 4.1)), frontEnd.Extract(path, 0.5, 4.1));
            }
        }
    }

    [Fact]
    public void Extract_LongClip_UsesItsStartOrItsMiddle()
    {
        AudioClip clip = Voice(5);
        AudioClip start = new(clip.Samples[..48_000], 16_000);
        AudioClip middle = new(clip.Samples[16_000..64_000], 16_000);
        var frontEnd = new VoiceFrontEnd(new VoiceOptions());

        Assert.Equal(Extract(frontEnd, start), Extract(frontEnd, clip));
        Assert.Equal(Extract(frontEnd, middle), Extract(new VoiceFrontEnd(new VoiceOptions { Crop = VoiceCrop.Center }), clip));
    }

    [Theory]
    [InlineData(VoiceCrop.Start)]
    [InlineData(VoiceCrop.Center)]
    public void Extract_ShortClip_IsMirroredAtItsEnds(VoiceCrop crop)
    {
        const int Count = 7_001;
        float[] known = Voice(1).Samples[..Count].ToArray();
        int start = crop == VoiceCrop.Start ? 0 : (48_000 - Count) / 2;
        var mirrored = new float[48_000];
        for (int i = 0; i < mirrored.Length; i++)
        {
            // A walk that turns round at either end.
            int at = Math.Abs(i - start) % (2 * (Count - 1));
            mirrored[i] = known[at < Count ? at : (2 * (Count - 1)) - at];
        }

        var frontEnd = new VoiceFrontEnd(new VoiceOptions { Crop = crop });

        Assert.Equal(Extract(frontEnd, new AudioClip(mirrored, 16_000)), Extract(frontEnd, new AudioClip(known, 16_000)));
    }

    [Theory]
    [InlineData(SpectrumCompression.None)]
    [InlineData(SpectrumCompression.Log)]
    public void Extract_Silence_IsExactlyZero(SpectrumCompression compression)
    {
        foreach (TimePooling pooling in Enum.GetValues<TimePooling>())
        {
            var frontEnd = new VoiceFrontEnd(new VoiceOptions { Compression = compression, Pooling = pooling });

            Assert.All(Extract(frontEnd, new AudioClip(new float[48_000], 16_000)), x => Assert.Equal(0f, x));
        }
    }

    [Fact]
    public void Extract_ConstantOffset_IsFiniteAndNearlyRemoved()
    {
        float[] constant = [.. Enumerable.Repeat(1f, 48_000)];
        var options = new VoiceOptions { Pooling = TimePooling.None, TwoSided = false };

        float[] removed = Extract(new VoiceFrontEnd(options), new AudioClip(constant, 16_000));
        float[] kept = Extract(new VoiceFrontEnd(options with { RemoveDc = false }), new AudioClip(constant, 16_000));

        // The filter forgets a step at 0.99 a sample: 0.99^16000 is nothing, what is left after a second is dither.
        Assert.All(removed, x => Assert.True(float.IsFinite(x)));
        Assert.InRange(removed[(100 * 257)..].Max(), 0, 1);
        Assert.InRange(kept[(100 * 257)..].Max(), 200_000, 220_000); // 32768 x 0.03 (pre-emphasis) x 216 (the window's sum)
    }

    [Fact]
    public void Extract_ClipOverTime_BringsEveryBinToMeanZeroAndDeviationOne()
    {
        var options = new VoiceOptions { Normalisation = FeatureNormalisation.ClipOverTime, Pooling = TimePooling.None, TwoSided = false };

        float[] features = Extract(new VoiceFrontEnd(options), Voice(3)); // [297, 257]

        for (int k = 0; k < 257; k++)
        {
            double[] bin = [.. Enumerable.Range(0, 297).Select(frame => (double)features[(frame * 257) + k])];
            Assert.InRange(bin.Average(), -1e-6, 1e-6);
            Assert.InRange(bin.Average(x => x * x), 1 - 1e-5, 1 + 1e-5);
        }
    }

    [Fact]
    public void Extract_DitherOrNone_DiffersByLessThanTheToleranceOfTheFrontEnd()
    {
        float[] with = Extract(new VoiceFrontEnd(new VoiceOptions()), Voice(3));
        float[] without = Extract(new VoiceFrontEnd(new VoiceOptions { Dither = 0 }), Voice(3));

        Assert.NotEqual(with, without);
        Assert.All(with.Zip(without), pair => Assert.InRange(pair.First / pair.Second, 1 - 1e-4, 1 + 1e-4));
    }

    [Fact]
    public void Extract_TooShort_IsRefusedWithWhatWasFound()
    {
        string path = _folder["short.wav"];
        WavFile.Write(path, Voice(1, 8_000).Samples.Span[..200], 8_000);
        var reflecting = new VoiceFrontEnd(new VoiceOptions());
        var refusing = new VoiceFrontEnd(new VoiceOptions { ShortClips = ShortClipPolicy.Refuse });

        var file = Assert.Throws<InvalidDataException>(() => reflecting.Extract(path));
        var clip = Assert.Throws<ArgumentException>(() => Extract(reflecting, new AudioClip(new float[511], 16_000)));
        var refused = Assert.Throws<ArgumentException>(() => Extract(refusing, Voice(1.2)));

        Assert.Equal(
            $"{path}: holds 0.025 s of voice (200 samples at 8000 Hz); expected at least 0.032 s, one frame of 512 samples at 16000 Hz.",
            file.Message);
        Assert.Equal(
            "The clip holds 0.0319 s of voice (511 samples at 16000 Hz); expected at least 0.032 s, "
            + "one frame of 512 samples at 16000 Hz. (Parameter 'clip')",
            clip.Message);
        Assert.Equal(
            "The clip holds 1.2 s of voice (19200 samples at 16000 Hz); expected at least 3 s, "
            + "since 'ShortClips' is Refuse. (Parameter 'clip')",
            refused.Message);
        Assert.Equal(512, Extract(reflecting, new AudioClip(new float[512], 16_000)).Length);
    }

    [Fact]
    public void Extract_WrongDestination_StatesBothLengths()
    {
        var e = Assert.Throws<ArgumentException>(() => new VoiceFrontEnd(new VoiceOptions()).Extract(Voice(3), new float[257]));

        Assert.Equal("The destination holds 257 numbers; expected 512 features. (Parameter 'features')", e.Message);
    }

    [Fact]
    public void Extract_AfterABadFile_StillWorks()
    {
        var frontEnd = new VoiceFrontEnd(new VoiceOptions());
        float[] before = Extract(frontEnd, Voice(2));

        Assert.Throws<InvalidDataException>(() => frontEnd.Extract(_folder.Write("bad.wav", "no sound")));
        Assert.Throws<FileNotFoundException>(() => frontEnd.Extract(_folder["none.wav"]));

        Assert.Equal(before, Extract(frontEnd, Voice(2)));
    }

    [Fact]
    public void Extract_ChannelsThatCancelEachOther_SaysWhatTheCheckSays()
    {
        short[] samples = [.. Decoded.Sound().SelectMany(x => new[] { x, (short)-x })];
        byte[] data = WavBytes.Chunk("data", WavBytes.Pcm16(samples));
        using var folder = new TemporaryFolder();
        string path = folder.Write("antiphase.wav", WavBytes.Riff(WavBytes.Format(channels: 2), data));
        string other = folder.Write("rate.wav", WavBytes.Riff(WavBytes.Format(channels: 2, rate: 22_050), data));
        var frontEnd = new VoiceFrontEnd(new VoiceOptions { DurationSeconds = 0.5 });

        foreach (string silent in new[] { path, other })
        {
            Assert.Equal(
                $"{silent}: every sample is 0; expected a voice.",
                Assert.Throws<InvalidDataException>(() => frontEnd.Extract(silent)).Message);
        }
    }

    [Fact]
    public void Extract_CropOfSilenceInASoundingClip_IsNotRefused()
    {
        using var folder = new TemporaryFolder();
        byte[] data = WavBytes.Chunk("data", WavBytes.Pcm16([.. new short[16_000], .. Decoded.Sound()]));
        string path = folder.Write("late.wav", WavBytes.Riff(WavBytes.Format(), data));
        var frontEnd = new VoiceFrontEnd(new VoiceOptions { DurationSeconds = 0.5 });

        Assert.Equal(frontEnd.FeatureCount, frontEnd.Extract(path).Length);
        Assert.Throws<InvalidDataException>(() => frontEnd.Extract(path, 0, 1));
    }

    private static float[] Extract(VoiceFrontEnd frontEnd, AudioClip clip)
    {
        var features = new float[frontEnd.FeatureCount];
        frontEnd.Extract(clip, features);
        return features;
    }

    // A buzz with noise: energy in every bin.
    private static AudioClip Voice(double seconds, int rate = 16_000, int seed = 0)
    {
        var random = new SeededRandom(seed);
        var samples = new float[(int)(seconds * rate)];
        for (int n = 0; n < samples.Length; n++)
        {
            double phase = (110 + seed) * n / (double)rate % 1;
            samples[n] = (float)((0.4 * (phase - 0.5) * Math.Sin(5.0 * n / rate)) + (0.01 * random.NextGaussian()));
        }

        return new AudioClip(samples, rate);
    }
}
