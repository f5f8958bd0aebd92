using CrossModalVae.Models;
using CrossModalVae.Numerics;

namespace CrossModalVae.Tests.Models;

public class LatentPathTests
{
    [Fact]
    public void Spherical_QuarterTurn_KeepsTheLengthAndTheAngleGrowsEvenly()
    {
        float[] z = LatentPath.Spherical([2, 0], [0, 2], 1 / 3.0);

        Assert.Equal(2 * Math.Cos(Math.PI / 6), z[0], 1e-6);
        Assert.Equal(2 * Math.Sin(Math.PI / 6), z[1], 1e-6);
        Assert.Equal([2f * (2 / 3f), 2f / 3], LatentPath.Linear([2, 0], [0, 2], 1 / 3.0));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Paths_Ends_AreThePointsThemselves(double share)
    {
        float[] a = [0.3f, -1, 2], b = [1, 0.5f, -0.2f];
        float[] end = share == 0 ? a : b;

        Assert.All(LatentPath.Linear(a, b, share).Zip(end), pair => Assert.Equal(pair.Second, pair.First, 1e-6f));
        Assert.All(LatentPath.Spherical(a, b, share).Zip(end), pair => Assert.Equal(pair.Second, pair.First, 1e-6f));
    }

    [Theory]
    [InlineData(0, 0)] // no direction
    [InlineData(2, 4)] // the same direction
    [InlineData(-1, -2)] // the opposite one
    public void Spherical_WithoutAGreatCircle_IsStraight(float x, float y) =>
        Assert.Equal(LatentPath.Linear([1, 2], [x, y], 0.25), LatentPath.Spherical([1, 2], [x, y], 0.25));

    [Fact]
    public void Draw_ManyDraws_HaveThePosteriorsMomentsTimesTheTemperature()
    {
        float[] mean = [1, -2], deviation = [0.5f, 2];
        var random = new SeededRandom(9);
        float[][] draws = [.. Enumerable.Range(0, 20_000).Select(_ => LatentPath.Draw(mean, deviation, 0.5, random))];

        for (int d = 0; d < 2; d++)
        {
            double average = draws.Average(z => z[d]);
            Assert.Equal(mean[d], average, 0.03);
            Assert.Equal(0.5 * deviation[d], Math.Sqrt(draws.Average(z => Math.Pow(z[d] - average, 2))), 0.02);
        }

        Assert.Equal(mean, LatentPath.Draw(mean, deviation, 0, random));
    }

    [Fact]
    public void Paths_VectorsOfOtherLengths_AreRefused() => Assert.Equal(
        "One vector has 2 numbers, the other 1; must have as many.",
        Assert.Throws<ArgumentException>(() => LatentPath.Spherical([1, 2], [1], 0.5)).Message);
}
