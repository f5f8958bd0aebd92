using CrossModalVae.Clustering;
using CrossModalVae.Numerics;

namespace CrossModalVae.Analysis.Tests.Clustering;

public class KDistanceTests
{
    private const double Exact = 1e-12;

    [Fact]
    public void FindKnee_TwoLevels_LiesAtTheEndOfTheLowOneAndIsSharp()
    {
        double[] curve = [.. Enumerable.Repeat(1.0, 90), .. Enumerable.Repeat(5.0, 10)];

        KDistanceKnee knee = KDistance.FindKnee(curve);

        Assert.Equal(1, knee.Eps, Exact);
        Assert.Equal(5, knee.Rise, Exact);
        Assert.True(knee.IsSharp);
        Assert.Equal(knee.Eps, KDistance.Knee(curve));
    }

    [Fact]
    public void FindKnee_SmoothCurve_IsNotSharp()
    {
        KDistanceKnee knee = KDistance.FindKnee([.. Enumerable.Range(0, 200).Select(i => 1 + Math.Pow(i / 200.0, 3))]);

        Assert.InRange(knee.Rise, 1, 1.3);
        Assert.False(knee.IsSharp);
    }

    [Fact]
    public void FindKnee_FlatOrZeroCurve_HasAnEpsAboveZeroAndNoRise()
    {
        Assert.Equal(new KDistanceKnee(2, 1), KDistance.FindKnee([2, 2, 2]));
        Assert.Equal(1, KDistance.FindKnee([0, 0, 0]).Rise);
        Assert.True(KDistance.FindKnee([0, 0, 0]).Eps > 0);
    }

    [Fact]
    public void FindKnee_FromEqualPointsOn_RisesByTheLargestFactor()
    {
        KDistanceKnee knee = KDistance.FindKnee([0, 0, 0, 0, 0, 0, 0, 0, 3]);

        Assert.Equal(KDistanceKnee.LargestRise, knee.Rise);
        Assert.True(knee.Eps is > 0 and < 1);
    }

    [Theory]
    [InlineData(8)]
    [InlineData(32)]
    public void Fit_PointsOfOneDensity_NoSharpKnee(int dimension)
    {
        var random = new SeededRandom(1);
        float[] points = [.. Enumerable.Range(0, 400 * dimension).Select(_ => (float)random.NextGaussian())];

        DbscanResult result = new Dbscan(new DbscanOptions { Metric = DistanceMetric.Euclidean }).Fit(points, 400, dimension);

        Assert.False(result.Knee!.Value.IsSharp);
        Assert.Equal(result.Eps, result.Knee.Value.Eps);
    }

    [Theory]
    [InlineData(8)]
    [InlineData(32)]
    public void Fit_GroupsAmongSparsePoints_SharpKneeThatFindsThem(int dimension)
    {
        float[] points = ClusterShapes.Groups(seed: 2, 400, dimension, spread: 10, offset: 0);
        var random = new SeededRandom(5);
        for (int i = 0; i < 30 * dimension; i++)
        {
            points[i] = (float)(60 * (random.NextDouble() - 0.5));
        }

        DbscanResult result = new Dbscan(new DbscanOptions { Metric = DistanceMetric.Euclidean }).Fit(points, 400, dimension);

        Assert.True(result.Knee!.Value.IsSharp);
        Assert.Equal(5, result.ClusterCount);
    }

    [Fact]
    public void Fit_EpsGiven_HasNoKnee() =>
        Assert.Null(new Dbscan(new DbscanOptions { Eps = 1 }).Fit([0, 1, 2], 3, 1).Knee);
}
