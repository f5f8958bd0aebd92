using CrossModalVae.Audio;

namespace CrossModalVae.Tests.Audio;

public class VoiceSignalTests
{
    // Both work in double precision and round once, so they differ by one step of a float at most.
    private const double RelativeTolerance = 1.2e-7;

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(31)]
    [InlineData(48_000)]
    public void RemoveDc_AnyLength_FollowsTheRecursion(int length)
    {
        var random = new SeededRandom(5);
        float[] signal = [.. Enumerable.Range(0, length).Select(_ => (float)random.NextDouble(-20_000, 20_000) + 5_000)];
        var expected = new double[length];
        double previous = 0, y = 0;
        for (int n = 0; n < length; n++)
        {
            y = signal[n] - previous + (0.99 * y);
            previous = signal[n];
            expected[n] = y;
        }

        VoiceSignal.RemoveDc(signal);

        for (int n = 0; n < length; n++)
        {
            Assert.InRange(signal[n] - expected[n], -RelativeTolerance * Math.Abs(expected[n]) - 1e-9, RelativeTolerance * Math.Abs(expected[n]) + 1e-9);
        }
    }

    [Fact]
    public void Dither_Noise_ScalesWithTheStandardDeviation()
    {
        float[] signal = [.. Enumerable.Range(0, 1_003).Select(n => (float)(100 + (10 * Math.Sin(n))))];
        float[] noise = [.. Enumerable.Repeat(1f, signal.Length)];
        float[] before = [.. signal];
        double mean = before.Average(x => (double)x);
        double deviation = Math.Sqrt(before.Average(x => (x - mean) * (x - mean)));

        VoiceSignal.Dither(signal, noise, 0.5);

        Assert.Equal(0.5 * deviation, signal[^1] - before[^1], 4);
    }
}
