using CrossModalVae.Audio;
using CrossModalVae.Numerics;
using NWaves.Filters.Base;
using NWaves.Filters.Fda;
using NWaves.Signals;
using NWaves.Transforms;
using NWaves.Utils;
using NWaves.Windows;

namespace CrossModalVae.Media.Tests.Audio;

/// <summary>
/// NWaves as an independent implementation. Its windows, filter weights and transforms have single precision, which the logarithm of the
/// front ends would show; so the front ends have their own in double precision, and these tests compare the two.
/// </summary>
public class NWavesOracleTests
{
    // Half a unit in the last place of floats up to 1.
    private const double Rounding = 6e-8;

    // Of the largest bin: NWaves' twiddles come from a recurrence in single precision, and powers double the relative error.
    private const double SpectrumTolerance = 2e-5;

    // Of full scale: this resampler scales each phase to unit gain, which the other does not, and the stop band is at -94 dB (2e-5).
    private const double ResamplerTolerance = 5e-5;

    [Theory]
    [InlineData(2)]
    [InlineData(25)]
    [InlineData(400)]
    public void MakeWindow_EveryShape_AgreesWithNWaves(int length)
    {
        AssertClose(Window.Hamming(length), FrameSteps.MakeWindow(VoiceWindow.HammingSymmetric, length, 1));
        AssertClose(Window.Hann(length), FrameSteps.MakeWindow(VoiceWindow.HannSymmetric, length, 1));

        // A periodic window is the symmetric one that is a sample longer, without its last sample.
        AssertClose(Window.Hamming(length + 1)[..^1], FrameSteps.MakeWindow(VoiceWindow.Hamming, length, 1));
        AssertClose(Window.Hann(length + 1)[..^1], FrameSteps.MakeWindow(VoiceWindow.Hann, length, 1));

        static void AssertClose(float[] expected, double[] actual)
        {
            Assert.Equal(expected.Length, actual.Length);
            Assert.All(expected.Zip(actual), pair => Assert.InRange(pair.Second, pair.First - Rounding, pair.First + Rounding));
        }
    }

    [Theory]
    [InlineData(MelFilters.Htk, 64, 512, 16_000, 0, 8_000)]
    [InlineData(MelFilters.Htk, 40, 1_024, 22_050, 60, 7_600)]
    [InlineData(MelFilters.Slaney, 80, 1_024, 16_000, 0, 8_000)]
    [InlineData(MelFilters.Slaney, 40, 512, 44_100, 20, 20_000)]
    [InlineData(MelFilters.Kaldi, 80, 512, 16_000, 20, 8_000)]
    [InlineData(MelFilters.Kaldi, 23, 256, 8_000, 20, 3_800)]
    public void MelFilterBank_EveryKind_AgreesWithNWaves(MelFilters kind, int count, int fft, int rate, double low, double high)
    {
        (double, double, double)[] bands = FilterBanks.MelBands(count, rate, low, high);
        float[][] expected = kind switch
        {
            MelFilters.Htk => FilterBanks.Triangular(fft, rate, bands),
            MelFilters.Slaney => FilterBanks.MelBankSlaney(count, fft, rate, low, high),
            _ => FilterBanks.Triangular(fft, rate, bands, mapper: Scale.HerzToMel),
        };

        var bank = new MelFilterBank(kind, count, fft, rate, low, high);

        for (int m = 0; m < count; m++)
        {
            var weights = new double[(fft / 2) + 1];
            bank.Weights(m, out int first).CopyTo(weights.AsSpan(first));
            double limit = 4 * Rounding * expected[m].Max(); // weight, height and product are rounded
            Assert.All(
                expected[m].Zip(weights), pair => Assert.InRange(pair.Second, pair.First - limit, pair.First + limit));
        }
    }

    [Fact]
    public void Compute_WindowLengthFrames_AgreesWithNWavesStft()
    {
        float[] samples = Noise(4_000);
        var steps = new FrameSteps(
            FrameSteps.MakeWindow(VoiceWindow.HammingSymmetric, 400, 1), HopSamples: 160, FftLength: 512, WindowFrames: true, Power: true);
        List<float[]> expected = new Stft(400, 160, WindowType.Hamming, 512).Spectrogram(samples, normalize: false);

        float[] powers = new VoiceSpectrogram(steps).Compute(samples);

        int frames = powers.Length / 257;
        Assert.Equal(expected.Count - 1, frames); // NWaves adds an incomplete frame
        for (int frame = 0; frame < frames; frame++)
        {
            double limit = SpectrumTolerance * expected[frame].Max();
            Assert.All(
                expected[frame].Zip(powers[(frame * 257)..((frame + 1) * 257)]),
                pair => Assert.InRange(pair.Second, pair.First - limit, pair.First + limit));
        }
    }

    // NWaves resamples by the definition: it inserts zeros, filters and keeps every down-th sample. The filter is a sinc under NWaves'
    // Kaiser window, as the resampler's documentation states it.
    [Theory]
    [InlineData(8_000, 16_000)]
    [InlineData(24_000, 16_000)]
    [InlineData(48_000, 16_000)]
    [InlineData(16_000, 48_000)]
    public void Resample_SeededNoise_AgreesWithNWavesInsertionFilteringAndDecimation(int from, int to)
    {
        int divisor = (int)System.Numerics.BigInteger.GreatestCommonDivisor(from, to);
        (int up, int down) = (to / divisor, from / divisor);
        double lower = Math.Min(1.0, (double)to / from);
        int half = 4 * (int)Math.Ceiling((90 - 7.95) / (2.285 * 2 * Math.PI * 0.05 * lower) / 8) * up; // in samples at up x from
        float[] window = Window.Kaiser((2 * half) + 1, 0.1102 * (90 - 8.7));
        double cutoff = 0.475 * lower / up; // in cycles a sample at up x from
        double[] kernel = [.. window.Select((w, n) => 2 * cutoff * Sinc(2 * Math.PI * cutoff * (n - half)) * w)];
        int delay = (half + down - 1) / down * down; // a multiple of down, by zeros in front
        var filter = new FirFilter([.. new double[delay - half], .. kernel]);
        float[] samples = Noise(3_000);

        float[] expected = new NWaves.Operations.Resampler()
            .ResampleUpDown(new DiscreteSignal(from, samples), up, down, filter).Samples[(delay / down)..];
        float[] actual = new Resampler(from, to).Resample(samples);

        int compared = Math.Min(expected.Length, actual.Length);
        Assert.True(compared > 0.8 * actual.Length);
        for (int n = 0; n < compared; n++)
        {
            Assert.InRange(actual[n], expected[n] - ResamplerTolerance, expected[n] + ResamplerTolerance);
        }

        static double Sinc(double x) => x == 0 ? 1 : Math.Sin(x) / x;
    }

    private static float[] Noise(int count)
    {
        var random = new SeededRandom(29);
        return [.. Enumerable.Range(0, count).Select(_ => (float)random.NextDouble(-1, 1))];
    }
}
