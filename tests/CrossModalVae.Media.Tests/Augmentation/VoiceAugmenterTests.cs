using CrossModalVae.Audio;
using CrossModalVae.Augmentation;

namespace CrossModalVae.Media.Tests.Augmentation;

public sealed class VoiceAugmenterTests : IDisposable
{
    private const int Count = 48_000;

    // In dB, against the requested ratio.
    private const double SnrToleranceDb = 0.1;

    private static readonly VoiceAugmentationOptions Nothing = new()
    {
        NoiseProbability = 0,
        MusicProbability = 0,
        BabbleProbability = 0,
        ReverberationProbability = 0,
    };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Apply_NoiseOrMusic_HasTheDrawnSnr(bool music)
    {
        var augmenter = Augmenter(music ? Nothing with { MusicProbability = 1 } : Nothing with { NoiseProbability = 1 });
        float[] voice = Signals.Noise(Count, 1);
        for (int view = 1; view <= 8; view++)
        {
            VoiceDraw draw = Draw(music ? Nothing with { MusicProbability = 1 } : Nothing with { NoiseProbability = 1 }, view);

            float[] result = augmenter.Apply(voice, Count, draw, "p");

            Assert.Equal(Assert.Single(draw.Additions).SnrDb, Snr(voice, result), SnrToleranceDb);
        }
    }

    [Fact]
    public void Apply_Babble_IsOtherPeoplesVoicesEachAtItsSnr()
    {
        // Every person is a tone of an own frequency, so that each voice's level can be read off the sum.
        var options = Nothing with { BabbleProbability = 1 };
        string[] people = [.. Enumerable.Range(0, 8).Select(p => $"p{p}")];
        AugmentationSources sources = AugmentationSources.Generated.WithVoices(Voices(people, p => Signals.Tone(500 + (250 * p), 80_000)));
        var augmenter = new VoiceAugmenter(options, Signals.Rate, sources);
        float[] voice = Signals.Noise(Count, 1);
        double level = SignalLevel.MeanSquare(voice);
        for (int view = 1; view <= 8; view++)
        {
            VoiceDraw draw = Draw(options, view);

            float[] result = augmenter.Apply(voice, Count, draw, "p3");

            float[] babble = [.. result.Zip(voice, (r, v) => r - v)];
            double[] heard =
            [
                .. Enumerable.Range(0, 8)
                    .Select(p => Power(babble, 500 + (250 * p)))
                    .Select(power => power < 1e-8 ? 0 : Signals.Decibels(level / power)),
            ];
            Assert.Equal(0, heard[3]); // nobody speaks behind himself
            Assert.Equal(draw.Additions.Select(a => a.SnrDb).Order(), heard.Where(snr => snr != 0).Order(), (a, b) =>
                Math.Abs(a - b) < SnrToleranceDb);
        }
    }

    [Fact]
    public void Apply_Reverberation_KeepsLevelAndTimeAndAddsADecayingTail()
    {
        var options =
            Nothing with { ReverberationProbability = 1, Rt60MinSeconds = 0.4, Rt60MaxSeconds = 0.4, DirectMinDb = 3, DirectMaxDb = 3 };
        var burst = new float[Count];
        Signals.Noise(8_000, 1).CopyTo(burst, 4_000);

        float[] result = Augmenter(options).Apply(burst, Count, Draw(options, 1), "p");

        Assert.Equal(Count, result.Length);
        Assert.All(result[..3_999], x => Assert.Equal(0, x, 1e-6f)); // nothing before the direct sound
        Assert.Equal(0, Signals.Decibels(Energy(result) / Energy(burst)), 0.5); // unit energy, on white noise
        double[] tail = [.. Enumerable.Range(0, 4).Select(i => Energy(result[(12_000 + (1_600 * i))..(13_600 + (1_600 * i))]))];
        // 60 dB in 0.4 s: 15 dB in 0.1 s
        Assert.All(Enumerable.Range(1, 3), i => Assert.Equal(-15, Signals.Decibels(tail[i] / tail[i - 1]), 1.5));
        int lag = Enumerable.Range(-50, 101).MaxBy(shift => Enumerable.Range(4_100, 7_800).Sum(n => (double)burst[n] * result[n + shift]));
        Assert.Equal(0, lag);
    }

    [Fact]
    public void Apply_RecordedResponse_IsReadTruncatedAndTakenFromItsDirectSound()
    {
        var response = new float[200];
        response[60] = 0.5f; // the direct sound comes late
        response[90] = -0.25f;
        WavFile.Write(_folder["rir", "room", "a.wav"], response, Signals.Rate);
        var options = Nothing with { ReverberationProbability = 1 };
        var augmenter = new VoiceAugmenter(options, Signals.Rate, AugmentationSources.Open(options, null, _folder["rir"]));
        float[] voice = Signals.Noise(1_000, 1);

        float[] result = augmenter.Apply(voice, 1_000, Draw(options, 1), "p");

        double unit = 1 / Math.Sqrt(0.25 + 0.0625);
        Assert.Equal(1_000, result.Length);
        for (int n = 30; n < 1_000; n++)
        {
            Assert.Equal(unit * ((0.5 * voice[n]) - (0.25 * voice[n - 30])), result[n], 1e-6);
        }
    }

    [Theory]
    [InlineData(0.9)]
    [InlineData(1.1)]
    [InlineData(0.97)]
    public void Apply_Speed_MovesAToneByTheFactor(double factor)
    {
        var options = Nothing with { SpeedProbability = 1, SpeedMin = factor, SpeedMax = factor };
        float[] tone = Signals.Tone(1_000, (int)Math.Ceiling(Count * Math.Max(1, factor)));

        float[] result = Augmenter(options).Apply(tone, Count, Draw(options, 1), "p");

        Assert.Equal(Count, result.Length);
        Assert.Equal(1_000 * factor, Signals.Frequency(result.AsSpan(2_000, 40_000), 1_000 * factor), 0.01);
    }

    [Fact]
    public void Apply_FasterThanThereIsVoice_IsMirroredToItsOldLength()
    {
        var options = Nothing with { SpeedProbability = 1, SpeedMin = 1.1, SpeedMax = 1.1 };
        float[] voice = Signals.Noise(11_000, 1);

        float[] result = Augmenter(options).Apply(voice, Count, Draw(options, 1), "p");

        Assert.Equal(11_000, result.Length);
        Assert.Equal(result[9_998], result[10_000]); // 10,000 samples are left of it
    }

    [Fact]
    public void Apply_Gain_IsTheDrawnDecibels()
    {
        var options = Nothing with { GainProbability = 1 };
        float[] voice = Signals.Noise(Count, 1);
        for (int view = 1; view <= 5; view++)
        {
            VoiceDraw draw = Draw(options, view);

            float[] result = Augmenter(options).Apply(voice, Count, draw, "p");

            Assert.Equal(draw.GainDb, Signals.Decibels(SignalLevel.MeanSquare(result) / SignalLevel.MeanSquare(voice)), 1e-4);
        }
    }

    [Fact]
    public void Apply_LouderThanAClipMayBe_IsScaledAsAWhole()
    {
        var options = Nothing with { GainProbability = 1, GainMinDb = 20, GainMaxDb = 20 };
        float[] voice = [2, -4, 1];

        float[] result = Augmenter(options).Apply(voice, 3, Draw(options, 1), "p");

        Assert.InRange(result[1], -AudioClip.MaxMagnitude, -0.99f * AudioClip.MaxMagnitude);
        Assert.Equal(-0.5f, result[0] / result[1], 1e-6f);
        _ = new AudioClip(result, Signals.Rate);
    }

    [Fact]
    public void Apply_NothingDrawn_KeepsEveryBitAndTheInput()
    {
        float[] voice = Signals.Noise(Count, 1);
        float[] before = [.. voice];

        Assert.Equal(voice, Augmenter(Nothing).Apply(voice, Count, Draw(Nothing, 1), "p"));

        var loud = Nothing with { GainProbability = 1, NoiseProbability = 1 };
        Augmenter(loud).Apply(voice, Count, Draw(loud, 1), "p");
        Assert.Equal(before, voice);
    }

    [Fact]
    public void Apply_EverythingFromManyThreads_SameSeedSameBytes()
    {
        var options = new VoiceAugmentationOptions
        {
            Combine = EffectCombination.Each,
            NoiseProbability = 0.7,
            MusicProbability = 0.7,
            BabbleProbability = 0.7,
            ReverberationProbability = 0.7,
            SpeedProbability = 0.7,
            GainProbability = 0.7,
        };
        string[] people = ["a", "b", "c"];
        AugmentationSources sources = AugmentationSources.Generated.WithVoices(Voices(people, p => Signals.Noise(20_000, p)));
        float[] voice = Signals.Noise(Count, 1);
        float[] Of(VoiceAugmenter augmenter, int view, long seed = 1) =>
            augmenter.Apply(voice, 40_000, VoiceDraw.For(options, seed, "a/0", view), "a");
        var shared = new VoiceAugmenter(options, Signals.Rate, sources);
        var together = new float[12][];

        Parallel.For(0, together.Length, view => together[view] = Of(shared, view));

        for (int view = 0; view < together.Length; view++)
        {
            Assert.Equal(Of(new VoiceAugmenter(options, Signals.Rate, sources), view), together[view]);
        }

        Assert.NotEqual(together[1], Of(shared, 1, seed: 2));
    }

    [Fact]
    public void Construct_BabbleOfNobody_IsRefused()
    {
        var options = Nothing with { BabbleProbability = 0.1 };

        var e = Assert.Throws<InvalidOperationException>(() => Augmenter(options));

        Assert.Equal(
            "Babble needs voices of other identities: the training split has voices of 0 identities; "
            + "expected at least 2, or a noise folder with speech/.",
            e.Message);
    }

    private static VoiceAugmenter Augmenter(VoiceAugmentationOptions options) => new(options, Signals.Rate, AugmentationSources.Generated);

    private static VoiceDraw Draw(VoiceAugmentationOptions options, int view) => VoiceDraw.For(options, 5, "p/0", view);

    private static double Snr(float[] voice, float[] result) =>
        Signals.Decibels(SignalLevel.MeanSquare(voice) / SignalLevel.MeanSquare([.. result.Zip(voice, (r, v) => r - v)]));

    private static double Energy(float[] samples) => samples.Sum(x => (double)x * x);

    private static double Power(float[] samples, double hertz)
    {
        double re = 0, im = 0;
        for (int n = 0; n < samples.Length; n++)
        {
            re += samples[n] * Math.Cos(2 * Math.PI * hertz * n / Signals.Rate);
            im += samples[n] * Math.Sin(2 * Math.PI * hertz * n / Signals.Rate);
        }

        return 2 * ((re * re) + (im * im)) / ((double)samples.Length * samples.Length);
    }

    private (string Identity, VoiceSegment[] Pieces)[] Voices(string[] people, Func<int, float[]> voice)
    {
        for (int p = 0; p < people.Length; p++)
        {
            WavFile.Write(_folder[$"{people[p]}.wav"], voice(p), Signals.Rate);
        }

        return [.. people.Order(StringComparer.Ordinal).Select(p => (p, new[] { new VoiceSegment(_folder[$"{p}.wav"], 0, null) }))];
    }
}
