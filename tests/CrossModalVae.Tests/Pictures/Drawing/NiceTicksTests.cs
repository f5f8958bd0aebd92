using CrossModalVae.Numerics;
using CrossModalVae.Pictures.Drawing;

namespace CrossModalVae.Tests.Pictures.Drawing;

public class NiceTicksTests
{
    [Theory]
    [InlineData(0, 100, 10, "0 10 20 30 40 50 60 70 80 90 100")]
    [InlineData(0, 1, 10, "0.0 0.1 0.2 0.3 0.4 0.5 0.6 0.7 0.8 0.9 1.0")]
    [InlineData(0, 1, 3, "0.0 0.5 1.0")]
    [InlineData(-1, 1, 4, "−1.0 −0.5 0.0 0.5 1.0")]
    [InlineData(-37, 61, 6, "−20 0 20 40 60")]
    [InlineData(0.0312, 0.0349, 4, "0.032 0.033 0.034")]
    [InlineData(8.7, 1213, 8, "200 400 600 800 1000 1200")]
    [InlineData(0, 3e6, 4, "0 1e6 2e6 3e6")]
    [InlineData(0, 4e-7, 5, "0 1e−7 2e−7 3e−7 4e−7")]
    [InlineData(99, 101, 2, "99 100 101")]
    [InlineData(0.1, 0.1000004, 4, "0.1000000 0.1000001 0.1000002 0.1000003 0.1000004")]
    [InlineData(1.1e6, 1.5e6, 4, "1.1e6 1.2e6 1.3e6 1.4e6 1.5e6")]
    public void Between_Range_HasRoundNumbers(double low, double high, int count, string expected)
    {
        Assert.Equal(expected, string.Join(' ', NiceTicks.Between(low, high, count).Select(tick => tick.Text)));
    }

    [Fact]
    public void Between_WholeNumbers_HaveNoFractions()
    {
        Assert.Equal(["1", "2", "3"], NiceTicks.Between(0.9, 3.1, 10, leastStep: 1).Select(tick => tick.Text));
    }

    [Fact]
    public void Between_AnyRange_IsInsideItAndRoughlyAsMany()
    {
        var random = new SeededRandom(4);
        for (int i = 0; i < 500; i++)
        {
            double low = (random.NextDouble() - 0.5) * Math.Pow(10, random.NextInt32(12) - 6);
            double high = low + (random.NextDouble() * Math.Pow(10, random.NextInt32(12) - 6)) + 1e-9;
            int count = 2 + random.NextInt32(9);

            IReadOnlyList<AxisTick> ticks = NiceTicks.Between(low, high, count);

            double slack = Math.Max(1e-6 * (high - low), 1e-14 * Math.Abs(low)); // the last bits of numbers far from zero
            Assert.All(ticks, tick => Assert.InRange(tick.Value, low - slack, high + slack));
            Assert.InRange(ticks.Count, 0, count + 1);
            Assert.Equal(ticks.Count, ticks.Select(tick => tick.Text).Distinct().Count());
        }
    }
}
