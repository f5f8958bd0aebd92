using CrossModalVae.Clustering;
using CrossModalVae.Numerics;

namespace CrossModalVae.Analysis.Tests.Clustering;

public class HdbscanTests
{
    // Two runs of four, the second twice as wide apart, and one point alone.
    private static readonly float[] Line = [0, 1, 2, 3, 20, 22, 24, 26, 100];

    private static readonly HdbscanOptions Small = new() { MinClusterSize = 3, MinSamples = 1, Metric = DistanceMetric.Euclidean };

    [Fact]
    public void Fit_Line_FindsBothRunsAtTheirOwnDensity()
    {
        HdbscanResult result = new Hdbscan(Small).Fit(Line, 9, 1);

        // All of a run falls apart at once, at density 1 and 1/2; 100 leaves the root at 1/74,
        // where the densest of the whole has density 1.
        Assert.Equal([0, 0, 0, 0, 1, 1, 1, 1, -1], result.Labels);
        Assert.Equal([1, 1, 1, 1, 1, 1, 1, 1, 0], result.Probabilities);
        Assert.Equal([0, 0, 0, 0, 0, 0, 0, 0, 1 - (1 / 74.0)], result.OutlierScores);
        Assert.Equal(2, result.ClusterCount);
        Assert.Equal(1 / 9.0, result.NoiseShare);
    }

    [Fact]
    public void Fit_Line_TreeSaysWhatLeavesWhere()
    {
        HdbscanResult result = new Hdbscan(Small).Fit(Line, 9, 1);

        Assert.Equal([new(9, 10, 1 / 17.0, 4), new(9, 11, 1 / 17.0, 4)], result.CondensedTree.Take(2));
        Assert.Equal(new CondensedEdge(10, 0, 1, 1), result.CondensedTree[2]);
        Assert.Equal(new CondensedEdge(11, 4, 0.5, 1), result.CondensedTree[6]);
        Assert.Equal(new CondensedEdge(9, 8, 1 / 74.0, 1), result.CondensedTree[10]);
        Assert.Equal(11, result.CondensedTree.Count);
    }

    [Fact]
    public void Fit_PointBetweenTwoClusters_IsNoiseWhereItsCoreDistanceIsTheirDistance()
    {
        // With one sample 10 is a point of its own at 6; the runs and it merge at 6, all at once.
        HdbscanResult result = new Hdbscan(Small).Fit([1, 2, 3, 4, 10, 16, 17, 18, 19], 9, 1);

        Assert.Equal([0, 0, 0, 0, -1, 1, 1, 1, 1], result.Labels);
    }

    [Fact]
    public void Fit_MinSamples_DoNotCountThePointItself()
    {
        // The second nearest other point of 0 is 2, of 5 is 7: a core distance of 2, not 1.
        HdbscanResult result = new Hdbscan(Small with { MinSamples = 2, MinClusterSize = 2, AllowSingleCluster = true })
            .Fit([0, 1, 2], 3, 1);

        Assert.Equal([new(3, 0, 0.5, 1), new(3, 1, 0.5, 1), new(3, 2, 0.5, 1)], result.CondensedTree);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public void Fit_FewerRowsThanACluster_AllNoise(int count)
    {
        HdbscanResult result = new Hdbscan(Small with { MinClusterSize = 5 }).Fit([.. Line.Take(count)], count, 1);

        Assert.Equal(Enumerable.Repeat(-1, count), result.Labels);
        Assert.Equal(Enumerable.Repeat(0.0, count), result.Probabilities);
        Assert.Equal(0, result.ClusterCount);
        Assert.Equal(count == 0 ? 0 : 1, result.NoiseShare);
        HdbscanPrediction prediction = result.Predict([0], 1);
        Assert.Equal([-1], prediction.Labels);
        Assert.Equal([0.0], prediction.Probabilities);
        Assert.Equal([1.0], prediction.OutlierScores);
        Assert.Empty(result.Predict([], 0).Labels);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Fit_AllEqual_OneClusterWhereThatIsAllowed(bool allow)
    {
        float[] values = [.. Enumerable.Repeat(0.7f, 2000 * 3)];

        HdbscanResult result = new Hdbscan(Small with { AllowSingleCluster = allow }).Fit(values, 2000, 3);

        Assert.All(result.Labels, label => Assert.Equal(allow ? 0 : -1, label));
        Assert.All(result.Probabilities, probability => Assert.Equal(allow ? 1 : 0, probability));
        Assert.All(result.OutlierScores, score => Assert.Equal(0, score));
        Assert.Equal([allow ? 0 : -1], result.Predict([0.7f, 0.7f, 0.7f], 1).Labels);
    }

    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 0)]
    [InlineData(true, 0.5)]
    public void Fit_LeavesOfATreeWithoutThem_AllNoiseAsTheReferenceHasIt(bool allow, double epsilon)
    {
        // hdbscan 0.8.43 (get_clusters) marks the root where there is no leaf, and unmarks it in the loop after: it takes leaves only.
        // Ever wider apart: one point after the other falls out of the one cluster.
        float[] values = [.. Enumerable.Range(0, 40).Select(i => (float)Math.Pow(1.1, i))];
        HdbscanOptions options = Small with { Selection = ClusterSelection.Leaf, AllowSingleCluster = allow, SelectionEpsilon = epsilon };

        HdbscanResult result = new Hdbscan(options).Fit(values, values.Length, 1);

        Assert.All(result.Labels, label => Assert.Equal(HdbscanResult.Noise, label));
        Assert.Equal(0, result.ClusterCount);
    }

    [Fact]
    public void Fit_AllIsolated_AllNoise()
    {
        // Distances double from point to point, so nothing larger than one point ever meets another.
        float[] values = [.. Enumerable.Range(0, 100).Select(i => MathF.ScaleB(1, i - 50))];

        HdbscanResult result = new Hdbscan(Small with { MinClusterSize = 5, MinSamples = 5 }).Fit(values, 100, 1);

        Assert.All(result.Labels, label => Assert.Equal(-1, label));
    }

    [Fact]
    [Trait("Category", "Slow")]
    public void Fit_OneBallOfFiftyThousand_OneCluster()
    {
        const int Count = 50_000, Dimension = 16;
        var random = new SeededRandom(3);
        float[] values = [.. Enumerable.Range(0, Count * Dimension).Select(_ => (float)random.NextGaussian())];

        HdbscanResult result = new Hdbscan(new HdbscanOptions
        {
            MinClusterSize = 1000,
            MinSamples = 5,
            Metric = DistanceMetric.Euclidean,
            AllowSingleCluster = true,
        }).Fit(values, Count, Dimension);

        Assert.Equal(1, result.ClusterCount);
        Assert.Equal(Count, result.CondensedTree.Count);
    }

    [Fact]
    public void Fit_PointsInOtherOrder_SameButForTheNumbers()
    {
        float[] values = ClusterShapes.Groups(5, 200, 2, 4, 0);
        int[] order = [.. Enumerable.Range(0, 200)];
        new SeededRandom(5).Shuffle(order.AsSpan());
        float[] shuffled = [.. order.SelectMany(i => new[] { values[2 * i], values[(2 * i) + 1] })];
        var hdbscan = new Hdbscan(new HdbscanOptions { Metric = DistanceMetric.Euclidean });

        HdbscanResult plain = hdbscan.Fit(values, 200, 2);
        HdbscanResult other = hdbscan.Fit(shuffled, 200, 2);

        Assert.InRange(plain.ClusterCount, 3, 20);
        var pairs = order.Select((row, i) => (plain.Labels[row], other.Labels[i])).Distinct().ToList();
        Assert.Equal(plain.Labels.Distinct().Count(), pairs.Count);
        Assert.Equal(other.Labels.Distinct().Count(), pairs.Count);
        Assert.Equal(order.Select(row => plain.Probabilities[row]), other.Probabilities);
        Assert.Equal(order.Select(row => plain.OutlierScores[row]), other.OutlierScores);
    }

    [Fact]
    public void Fit_Again_SameBits()
    {
        // Tied edges on a grid, and enough points that threads come and go in another order.
        const int Count = 6000;
        float[] values = [.. Enumerable.Range(0, Count).SelectMany(i => new float[] { i % 60 + (i % 60 / 20 * 7), i / 60, i % 3 })];
        var hdbscan = new Hdbscan(Small with { MinClusterSize = 20, MinSamples = 6 });

        HdbscanResult one = hdbscan.Fit(values, Count, 3);
        HdbscanResult other = hdbscan.Fit(values, Count, 3);

        Assert.Equal(one.Labels, other.Labels);
        Assert.Equal(one.CondensedTree, other.CondensedTree);
        Assert.Equal(one.Probabilities, other.Probabilities);
        Assert.Equal(one.OutlierScores, other.OutlierScores);
    }

    [Fact]
    public void Fit_Cancelled_Stops()
    {
        foreach (double share in new[] { 0.0, 0.41 }) // among the neighbours, and in the tree
        {
            using var source = new CancellationTokenSource();
            var progress = new Callback(done =>
            {
                if (done >= share)
                {
                    source.Cancel();
                }
            });

            Assert.ThrowsAny<OperationCanceledException>(() =>
                new Hdbscan(Small).Fit(ClusterShapes.Groups(3, 3000, 20, 30, 0), 3000, 20, progress, source.Token));
        }
    }

    [Fact]
    public void Fit_Progress_EndsAtOne()
    {
        double largest = 0;
        var gate = new Lock();
        var progress = new Callback(share =>
        {
            lock (gate)
            {
                largest = Math.Max(largest, share);
            }
        });

        new Hdbscan(Small).Fit(ClusterShapes.Groups(3, 500, 2, 3, 0), 500, 2, progress);

        Assert.Equal(1, largest, 12);
    }

    [Fact]
    public void Fit_NotFinite_IsRefused()
    {
        var e = Assert.Throws<ArgumentException>(() => new Hdbscan(Small).Fit([1, float.NaN], 2, 1));

        Assert.StartsWith("'values' has NaN in row 1, column 0; must be finite.", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Predict_OtherDimension_IsRefused()
    {
        HdbscanResult result = new Hdbscan(Small).Fit(Line, 9, 1);

        var e = Assert.Throws<ArgumentException>(() => result.Predict([1, 2], 1));

        Assert.StartsWith("'values' has 2 numbers; must have 1 rows x 1 = 1.", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Predict_NearAndFar_ClusterOrNoise()
    {
        HdbscanResult result = new Hdbscan(Small).Fit(Line, 9, 1);

        HdbscanPrediction prediction = result.Predict([1.5f, 23, 60], 3);

        Assert.Equal([0, 1, -1], prediction.Labels);
        Assert.Equal(0, prediction.Probabilities[2]);
    }

    // By hand: the nearest point is reached at the larger of its distance and both core distances, a new row's to its second nearest
    // point, as the reference implementation has it.
    [Fact]
    public void Predict_Rows_OutlierScoresAreThoseOfTheDensityThatReachesThem()
    {
        HdbscanPrediction prediction = new Hdbscan(Small).Fit(Line, 9, 1).Predict([1, 1.5f, 23, 5, 60], 5);

        // 1 is fitted and keeps its own; 1.5 reaches 1 at 1, as dense as its cluster; 23 reaches 22 at 2, as dense as its; 5 reaches 3 at
        // 3, a third as dense; 60 reaches 26 at 36, beside a density of 1/2.
        Assert.Equal([0, 0, 0, 1 - (1 / 3.0), 1 - (2 / 36.0)], prediction.OutlierScores, new Near());
        Assert.Equal([1, 1, 1, 1 / 3.0, 0], prediction.Probabilities, new Near());
    }

    [Fact]
    public void Constructor_NoOptions_IsRefused()
    {
        Assert.Throws<ArgumentNullException>(() => new Hdbscan(null!));
        Assert.Throws<ArgumentNullException>(() => new Dbscan(null!));
    }

    [Fact]
    public void Constructor_BadOptions_NamesEveryFault()
    {
        var e = Assert.Throws<ArgumentException>(() => new Hdbscan(new HdbscanOptions
        {
            MinClusterSize = 1,
            MinSamples = 0,
            Metric = (DistanceMetric)9,
            Selection = (ClusterSelection)9,
            SelectionEpsilon = double.NaN,
        }));

        Assert.Equal(
            "'MinClusterSize' is 1; must be >= 2. 'MinSamples' is 0; must be >= 1. 'Metric' is 9; must be one of Cosine, Euclidean. "
                + "'Selection' is 9; must be one of Eom, Leaf. 'SelectionEpsilon' is NaN; must be >= 0.",
            e.Message);
    }

    private sealed class Near : IEqualityComparer<double>
    {
        public bool Equals(double x, double y) => Math.Abs(x - y) <= 1e-12;

        public int GetHashCode(double value) => 0;
    }

    private sealed class Callback(Action<double> report) : IProgress<double>
    {
        public void Report(double value) => report(value);
    }
}
