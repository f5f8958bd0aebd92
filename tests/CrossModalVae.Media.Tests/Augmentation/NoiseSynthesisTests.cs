using CrossModalVae.Augmentation;
using CrossModalVae.Fourier;
using CrossModalVae.Numerics;

namespace CrossModalVae.Media.Tests.Augmentation;

public class NoiseSynthesisTests
{
    private const int Count = 1 << 15;

    // Power of an octave band of noise, over seeds: thousands of bins in each, so a few hundredths.
    private const double SlopeTolerance = 0.1;

    [Fact]
    public void Coloured_Spectrum_FallsAsTheDrawnPowerOfFrequency()
    {
        for (int seed = 1; seed <= 5; seed++)
        {
            double slope = new SeededRandom(seed).NextDouble(0, 2); // the first thing the synthesis draws

            double[] power = Power(NoiseSynthesis.Coloured(Count, new BlockConvolver(), new SeededRandom(seed)));

            double low = power[512..1024].Average(), high = power[8192..16384].Average();
            double measured = -Math.Log(high / low) / Math.Log(16);
            Assert.Equal(slope, measured, SlopeTolerance);
        }
    }

    [Fact]
    public void Music_Sound_IsThereAllAlongAndTonal()
    {
        for (int seed = 1; seed <= 5; seed++)
        {
            float[] music = NoiseSynthesis.Music(Count, Signals.Rate, new SeededRandom(seed));

            Assert.All(music.Chunk(Count / 4), part => Assert.True(SignalLevel.MeanSquare(part) > 1e-6));
            double[] power = Power(music);
            double strongest = power.OrderDescending().Take(power.Length / 50).Sum();
            Assert.InRange(strongest / power.Sum(), 0.8, 1); // a fiftieth of the bins holds most of the power: lines, no noise
        }
    }

    private static double[] Power(float[] signal)
    {
        var re = signal.Select((x, n) => x * Math.Pow(Math.Sin(Math.PI * (n + 0.5) / signal.Length), 2)).ToArray();
        var im = new double[re.Length];
        var fft = new ComplexFft<ScalarLane<double>, double>(re.Length);
        fft.Forward(re, im);
        return [.. fft.Places[..(re.Length / 2)].ToArray().Select(k => (re[k] * re[k]) + (im[k] * im[k]))];
    }
}
