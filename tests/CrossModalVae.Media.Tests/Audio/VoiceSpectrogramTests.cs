using CrossModalVae.Audio;
using CrossModalVae.Media.Tests.Oracles;
using CrossModalVae.Numerics;
using NWaves.Transforms;

namespace CrossModalVae.Media.Tests.Audio;

public class VoiceSpectrogramTests
{
    // Relative to the frame's largest magnitude: single precision through nine levels of butterflies.
    private const double Tolerance = 1e-6;

    [Theory]
    [InlineData(400, 160, 512)]
    [InlineData(512, 512, 512)]
    [InlineData(401, 77, 1_024)] // odd window, hop that divides nothing, a level of radix 2
    [InlineData(7, 3, 8)]
    [InlineData(3, 1, 4)]
    [InlineData(200, 80, 256)]
    public void Compute_SeededNoise_AgreesWithTheDefinition(int window, int hop, int fft)
    {
        float[] samples = Noise((20 * hop) + fft + 5);
        var spectrogram = new VoiceSpectrogram(window, hop, fft);

        float[] magnitudes = spectrogram.Compute(samples); // [frames, bins]

        int frames = ((samples.Length - fft) / hop) + 1;
        Assert.Equal(frames, spectrogram.FrameCount(samples.Length));
        Assert.Equal(frames * spectrogram.BinCount, magnitudes.Length);
        for (int frame = 0; frame < frames; frame++)
        {
            double[] expected = DirectDft.HammingFrame(samples.AsSpan(frame * hop, fft), window);
            double limit = Tolerance * expected.Max();
            for (int k = 0; k < expected.Length; k++)
            {
                Assert.InRange(magnitudes[(frame * spectrogram.BinCount) + k], expected[k] - limit, expected[k] + limit);
            }
        }
    }

    [Theory]
    [InlineData("report")]
    [InlineData("kaldi-fbank")]
    [InlineData("log-mel-80")]
    public void Compute_EveryWidth_GivesTheSameBits(string preset)
    {
        FrameSteps steps = FrameSteps.Of(VoicePresets.Get(preset));
        var random = new SeededRandom(17);
        float[] samples = [.. Enumerable.Range(0, 9_001).Select(_ => (float)random.NextDouble(-3_000, 3_000))];

        float[] four = new VoiceSpectrogram(steps, vectorBits: 128).Compute(samples);

        Assert.Equal(four, new VoiceSpectrogram(steps, vectorBits: 256).Compute(samples));
        Assert.Equal(four, new VoiceSpectrogram(steps, vectorBits: 512).Compute(samples));
        Assert.Equal(four, new VoiceSpectrogram(steps).Compute(samples));
    }

    [Fact]
    public void Compute_FullLengthWindow_AgreesWithNWavesRealFft()
    {
        const int Fft = 512;
        float[] samples = Noise(Fft);
        var expected = new float[(Fft / 2) + 1];
        float[] windowed = [.. samples.Select((x, n) => (float)(x * (0.54 - (0.46 * Math.Cos(2 * Math.PI * n / Fft)))))];

        new RealFft(Fft).MagnitudeSpectrum(windowed, expected);
        float[] magnitudes = new VoiceSpectrogram(Fft, Fft, Fft).Compute(samples);

        // NWaves' twiddles come from a recurrence in single precision.
        float limit = 1e-5f * expected.Max();
        Assert.All(expected.Zip(magnitudes), pair => Assert.InRange(pair.Second, pair.First - limit, pair.First + limit));
    }

    [Fact]
    public void Compute_PureTone_LandsInItsBin()
    {
        // 1 kHz is bin 32 of a 512-point transform at 16 kHz; its magnitude is half the window's sum, 0.54 x 400 / 2.
        float[] tone = [.. Enumerable.Range(0, 4_800).Select(n => (float)Math.Cos(2 * Math.PI * 1_000 * n / 16_000))];
        var spectrogram = new VoiceSpectrogram(400, 160, 512);

        float[] magnitudes = spectrogram.Compute(tone);

        for (int frame = 0; frame < spectrogram.FrameCount(tone.Length); frame++)
        {
            float[] bins = magnitudes[(frame * 257)..((frame + 1) * 257)];
            Assert.Equal(32, Array.IndexOf(bins, bins.Max()));
            Assert.InRange(bins[32], 107.9, 108.1);
        }
    }

    [Fact]
    public void Compute_Frame_DoesNotDependOnItsNeighbours()
    {
        float[] samples = Noise(48_000);
        var spectrogram = new VoiceSpectrogram(400, 160, 512);
        float[] all = spectrogram.Compute(samples);

        foreach (int frame in new[] { 0, 1, 7, 8, 150, 295, 296 })
        {
            float[] alone = spectrogram.Compute(samples.AsSpan(frame * 160, 512));
            Assert.Equal(all.AsSpan(frame * 257, 257).ToArray(), alone);
        }
    }

    [Fact]
    public void Compute_Twice_GivesTheSameAndLeavesItsInput()
    {
        float[] samples = Noise(2_000);
        float[] copy = [.. samples];
        var spectrogram = new VoiceSpectrogram(400, 160, 512);

        float[] first = spectrogram.Compute(samples);
        _ = spectrogram.Compute(Noise(30_000)); // a longer signal in between must leave nothing behind in the work buffers
        float[] second = spectrogram.Compute(samples);

        Assert.Equal(first, second);
        Assert.Equal(copy, samples);
    }

    [Fact]
    public void Compute_Silence_IsZero()
    {
        Assert.All(new VoiceSpectrogram(400, 160, 512).Compute(new float[1_000]), m => Assert.Equal(0f, m));
    }

    [Fact]
    public void Compute_WrongLengths_AreRefused()
    {
        var spectrogram = new VoiceSpectrogram(400, 160, 512);

        var signal = Assert.Throws<ArgumentException>(() => spectrogram.Compute(new float[511]));
        var destination = Assert.Throws<ArgumentException>(() => spectrogram.Compute(new float[672], new float[513]));

        Assert.Equal("The signal has 511 samples; one frame needs 512. (Parameter 'samples')", signal.Message);
        Assert.Equal(
            "The destination holds 513 numbers; expected 2 frames x 257 bins = 514. (Parameter 'magnitudes')", destination.Message);
    }

    [Theory]
    [InlineData(400, 160, 500, "'fftLength' is 500; must be a power of two, at least 4. (Parameter 'fftLength')")]
    [InlineData(513, 160, 512, "'windowSamples' is 513; must be 2 to 512, the FFT's length. (Parameter 'windowSamples')")]
    [InlineData(1, 160, 512, "'windowSamples' is 1; must be 2 to 512, the FFT's length. (Parameter 'windowSamples')")]
    [InlineData(400, 0, 512, "'hopSamples' is 0; must be 1 to 512, the FFT's length. (Parameter 'hopSamples')")]
    public void Constructor_LengthOutOfRange_NamesIt(int window, int hop, int fft, string message)
    {
        var e = Assert.Throws<ArgumentOutOfRangeException>(() => new VoiceSpectrogram(window, hop, fft));

        Assert.Equal(message, e.Message);
    }

    private static float[] Noise(int count)
    {
        var random = new SeededRandom(17);
        return [.. Enumerable.Range(0, count).Select(_ => (float)random.NextDouble(-1, 1))];
    }
}
