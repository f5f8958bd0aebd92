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

    [Theory]
    [InlineData(new double[] { 10, 11, 12, 13, 20 }, 13)] // a quarter of the way a point, a tenth of the rise
    [InlineData(new double[] { 1, 1, 2, 4, 5 }, 1)] // two equally far below the line: the first
    [InlineData(new double[] { 0, 9, 10 }, 10)] // never below the line
    [InlineData(new double[] { 0, 0, 0, 3 }, 3e-6)] // at least a millionth of the largest
    [InlineData(new double[] { 7 }, 7)]
    public void FindKnee_Curve_LiesFarthestBelowTheLineFromEndToEnd(double[] curve, double eps) =>
        Assert.Equal(eps, KDistance.FindKnee(curve).Eps, Exact);

    [Theory]
    [InlineData(1, new double[] { 0, 0, 0 })] // itself
    [InlineData(2, new double[] { 1, 1, 3 })]
    [InlineData(3, new double[] { 3, 4, 4 })]
    [InlineData(9, new double[] { 3, 4, 4 })] // there are no more
    public void Curve_ThreePoints_DistancesToTheKthItselfCounted(int k, double[] expected) =>
        Assert.Equal(expected, KDistance.Curve([0, 1, 4], 3, 1, k, DistanceMetric.Euclidean));

    [Fact]
    public void Curve_TwoPoints_HaveEachOther() =>
        Assert.Equal([3, 3], KDistance.Curve([0, 3], 2, 1, 2, DistanceMetric.Euclidean));

    [Fact]
    public void CurveAndKnee_OfNothing_AreRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => KDistance.Curve([0, 1], 2, 1, 0, DistanceMetric.Euclidean));
        Assert.Throws<ArgumentException>(() => KDistance.Curve([0, 1, 2], 2, 1, 2, DistanceMetric.Euclidean));
        Assert.Throws<ArgumentNullException>(() => KDistance.FindKnee(null!));
        Assert.Throws<ArgumentOutOfRangeException>(() => KDistance.FindKnee([]));
    }

    [Fact]
    public void IsSharp_RiseByHalf_Is() => Assert.True(new KDistanceKnee(1, 1.5).IsSharp);

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
