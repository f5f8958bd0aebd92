using CrossModalVae.Augmentation;
using CrossModalVae.Numerics;

namespace CrossModalVae.Media.Tests.Augmentation;

public class RoomResponseTests
{
    // A tail of random numbers: the slope of its backward integral scatters by a few percent.
    private const double Rt60Tolerance = 0.1;
    private const double EnergyTolerance = 1e-5;

    [Theory]
    [InlineData(0.2)]
    [InlineData(0.5)]
    [InlineData(1.2)]
    public void Generate_DecayOfTheTail_HasTheReverberationTimeAsked(double rt60)
    {
        for (int seed = 1; seed <= 5; seed++)
        {
            float[] response = RoomResponse.Generate(rt60, 0, Signals.Rate, new SeededRandom(seed));

            Assert.InRange(MeasuredRt60(response) / rt60, 1 - Rt60Tolerance, 1 + Rt60Tolerance);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    [InlineData(-5)]
    public void Generate_Energy_IsOneAndSplitAsAsked(double directDb)
    {
        float[] response = RoomResponse.Generate(0.4, directDb, Signals.Rate, new SeededRandom(1));

        double direct = (double)response[0] * response[0];
        double tail = response.Skip(1).Sum(x => (double)x * x);
        Assert.Equal(1, direct + tail, EnergyTolerance);
        Assert.Equal(directDb, Signals.Decibels(direct / tail), 1e-3);
    }

    [Fact]
    public void Generate_TooShort_IsRefused()
    {
        var e = Assert.Throws<ArgumentOutOfRangeException>(() => RoomResponse.Generate(1e-5, 0, Signals.Rate, new SeededRandom(1)));

        Assert.Equal("'rt60Seconds' is 1E-05; must be at least two samples. (Parameter 'rt60Seconds')", e.Message);
    }

    [Fact]
    public void Normalise_AnyResponse_HasUnitEnergyAndItsShape()
    {
        float[] response = [0, 3, -4, 0];

        RoomResponse.Normalise(response);

        Assert.Equal([0f, 0.6f, -0.8f, 0f], response);
        Assert.Equal(2, RoomResponse.DirectIndex(response));
    }

    [Fact]
    public void Normalise_Silence_IsRefused() =>
        Assert.Equal(
            "The response is silent; must have a sample that is not 0. (Parameter 'response')",
            Assert.Throws<ArgumentException>(() => RoomResponse.Normalise(new float[4])).Message);

    // Schroeder's backward integration (1965), T30: from -5 to -35 dB, times two.
    private static double MeasuredRt60(float[] response)
    {
        var remaining = new double[response.Length];
        double sum = 0;
        for (int n = response.Length - 1; n > 0; n--)
        {
            sum += (double)response[n] * response[n];
            remaining[n] = sum;
        }

        int first = Array.FindIndex(remaining, 1, e => Signals.Decibels(e / sum) <= -5);
        int last = Array.FindIndex(remaining, 1, e => Signals.Decibels(e / sum) <= -35);
        return 2.0 * (last - first) / Signals.Rate;
    }
}
