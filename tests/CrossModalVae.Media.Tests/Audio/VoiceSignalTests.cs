using CrossModalVae.Audio;
using CrossModalVae.Numerics;

namespace CrossModalVae.Media.Tests.Audio;

public class VoiceSignalTests
{
    // Both work in double precision and round once, so they differ by one step of a float at most.
    private const double RelativeTolerance = 1.2e-7;

    [Theory]
    [InlineData(7, 0)]
    [InlineData(7, 0.97)]
    [InlineData(8, 0)]
    [InlineData(8, 0.97)]
    [InlineData(15, 0)]
    [InlineData(15, 0.97)]
    [InlineData(16, 0)]
    [InlineData(16, 0.97)]
    [InlineData(17, 0)]
    [InlineData(17, 0.97)]
    [InlineData(31, 0)]
    [InlineData(31, 0.97)]
    [InlineData(48_000, 0)]
    [InlineData(48_000, 0.97)]
    public void RemoveDc_AnyLength_FollowsTheRecursion(int length, double a)
    {
        var random = new SeededRandom(5);
        float[] signal = [.. Enumerable.Range(0, length).Select(_ => (float)random.NextDouble(-20_000, 20_000) + 5_000)];
        var dcFree = new double[length];
        double previous = 0, y = 0;
        for (int n = 0; n < length; n++)
        {
            y = signal[n] - previous + (0.99 * y);
            previous = signal[n];
            dcFree[n] = y;
        }

        double mean = dcFree.Average();
        double deviation = Math.Sqrt(dcFree.Average(value => Math.Pow(value - mean, 2)));
        foreach (PreEmphasisEdge edge in Enum.GetValues<PreEmphasisEdge>())
        {
            double before = edge == PreEmphasisEdge.Zero ? 0 : edge == PreEmphasisEdge.Replicate ? dcFree[0] : dcFree[1];
            double[] expected = [.. dcFree.Select((value, n) => value - (a * (n == 0 ? before : dcFree[n - 1])))];
            var actual = new float[length];

            double found = VoiceSignal.RemoveDc(signal, a, edge, actual);

            Assert.InRange(found, deviation * (1 - 1e-9), deviation * (1 + 1e-9));
            for (int n = 0; n < length; n++)
            {
                double limit = (RelativeTolerance * Math.Abs(expected[n])) + 1e-9;
                Assert.InRange(actual[n], expected[n] - limit, expected[n] + limit);
            }
        }
    }

    [Fact]
    public void StandardDeviation_Signal_IsThePopulations()
    {
        float[] signal = [.. Enumerable.Range(0, 1_003).Select(n => (float)(100 + (10 * Math.Sin(n))))];
        double mean = signal.Average(x => (double)x);
        double deviation = Math.Sqrt(signal.Average(x => (x - mean) * (x - mean)));

        Assert.Equal(deviation, VoiceSignal.StandardDeviation(signal), 10);
    }

    [Fact]
    public void AddNoise_Scale_IsTheFactor()
    {
        float[] signal = [.. Enumerable.Range(0, 13).Select(n => (float)n)];

        VoiceSignal.AddNoise(signal, [.. Enumerable.Range(0, 13).Select(n => (float)(n - 6))], 0.5);

        Assert.Equal(Enumerable.Range(0, 13).Select(n => n + ((n - 6) * 0.5f)), signal);
    }
}
