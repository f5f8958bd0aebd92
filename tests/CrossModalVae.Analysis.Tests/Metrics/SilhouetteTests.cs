using System.Text.Json;
using CrossModalVae.Analysis.Tests.Clustering;
using CrossModalVae.Clustering;
using CrossModalVae.Metrics;
using CrossModalVae.Numerics;

namespace CrossModalVae.Analysis.Tests.Metrics;

public class SilhouetteTests
{
    private const double Rounding = 1e-12; // The same sums of doubles in another order.
    private const int All = int.MaxValue;

    [Theory]
    [InlineData(DistanceMetric.Euclidean, "euclidean")]
    [InlineData(DistanceMetric.Cosine, "cosine")]
    public void Score_ScikitLearnsCase_IsItsScore(DistanceMetric metric, string name)
    {
        using JsonDocument golden = ClusterAgreementTests.Golden();
        float[] values = [.. golden.RootElement.GetProperty("points").EnumerateArray().Select(value => value.GetSingle())];
        int[] clusters = ClusterAgreementTests.Ints(golden.RootElement, "clusters");

        double? score = Silhouette.Score(values, clusters.Length, 4, clusters, metric, All, seed: 1);

        Assert.Equal(golden.RootElement.GetProperty("silhouettes").GetProperty(name).GetDouble(), score!.Value, Rounding);
    }

    [Fact]
    public void Score_FourPointsOnALine_MatchesHandCount()
    {
        // 0: a 1, b 10.5; 1: a 1, b 9.5; 10: a 1, b 9.5; 11: a 1, b 10.5.
        double? score = Silhouette.Score([0, 1, 10, 11], 4, 1, [7, 7, -1, -1], DistanceMetric.Euclidean, All, seed: 1);

        Assert.Equal(((9.5 / 10.5) + (8.5 / 9.5)) / 2, score!.Value, Rounding);
    }

    [Theory]
    [InlineData(new[] { 1, 1, 1, 1 })] // one cluster
    [InlineData(new[] { 1, 2, 3, 4 })] // as many as points
    public void Score_NotDefined_IsNull(int[] labels) =>
        Assert.Null(Silhouette.Score([0, 1, 10, 11], 4, 1, labels, DistanceMetric.Euclidean, All, seed: 1));

    [Fact]
    public void Score_EqualPoints_IsZero() =>
        Assert.Equal(0, Silhouette.Score([1, 1, 1, 1], 4, 1, [0, 0, 1, 1], DistanceMetric.Euclidean, All, seed: 1));

    [Fact]
    public void Score_Sample_IsNearTheWholeAndTheSameForASeed()
    {
        const int Count = 600;
        float[] values = ClusterShapes.Groups(3, Count, 5, 2, 0);
        HdbscanResult result = new Hdbscan(new HdbscanOptions { MinClusterSize = 20, Metric = DistanceMetric.Euclidean })
            .Fit(values, Count, 5);
        double Score(int sample, long seed) =>
            Silhouette.Score(values, Count, 5, result.Labels, DistanceMetric.Euclidean, sample, seed)!.Value;

        Assert.Equal(Score(200, 1), Score(200, 1));
        Assert.NotEqual(Score(200, 1), Score(200, 2));

        // Points' own scores have a standard deviation of at most 1, so that of a mean of 200 is at most 0.07.
        Assert.Equal(Score(All, 1), Score(200, 1), 0.2);
        Assert.Equal(Score(All, 1), Score(Count, 2), Rounding);
    }

    [Fact]
    public void Score_OtherNumberOfLabels_IsRefused()
    {
        var e = Assert.Throws<ArgumentException>(() => Silhouette.Score([0, 1], 2, 1, [1], DistanceMetric.Euclidean, All, seed: 1));

        Assert.StartsWith("'labels' has 1 labels; must have 2, one a row.", e.Message, StringComparison.Ordinal);
    }
}
