using CrossModalVae.Clustering;
using CrossModalVae.Numerics;
using static CrossModalVae.Analysis.Tests.Clustering.ClusterShapes;

namespace CrossModalVae.Analysis.Tests.Clustering;

/// <summary>Against DBSCAN as it is written down: every distance in double precision, clusters grown one after another.</summary>
public class DbscanOracleTests
{
    public static TheoryData<int, int, int, double, double> Cases()
    {
        // seed, points, dimension, spread of the groups' centres, offset of everything
        var cases = new TheoryData<int, int, int, double, double>();
        int seed = 1;
        foreach (int count in new[] { 1, 31, 32, 33, 300, 700 })
        {
            foreach (int dimension in new[] { 1, 2, 7, 100 })
            {
                foreach (double spread in new[] { 0.0, 3, 30 })
                {
                    cases.Add(seed, count, dimension, spread, seed % 4 == 0 ? 1000 : 0);
                    seed++;
                }
            }
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Fit_RandomGroups_AgreesWithTheTextbook(int seed, int count, int dimension, double spread, double offset)
    {
        float[] values = Groups(seed, count, dimension, spread, offset);
        foreach (DistanceMetric metric in Enum.GetValues<DistanceMetric>())
        {
            double[] distances = Distances(values, count, dimension, metric);
            double[] sorted = [.. distances.Order()];
            foreach (double share in new[] { 0.002, 0.02, 0.1, 0.5 })
            {
                double eps = Math.Max(1e-7, sorted[(int)(share * (sorted.Length - 1))]); // often exactly some pair's distance
                foreach (int minSamples in new[] { 1, 2, 5, 40 })
                {
                    AssertTextbook(values, count, dimension, metric, distances, eps, minSamples);
                }
            }
        }
    }

    [Theory]
    [InlineData(2, 0)]
    [InlineData(2, 6)]
    [InlineData(30, 1)]
    public void Fit_MorePointsThanNearTilesHold_AgreesWithTheTextbook(int dimension, double spread)
    {
        // So many that some points are counted a second time, among all; few enough neighbours that
        // some of them become core points only then.
        const int Count = 2601;
        float[] values = Groups(dimension, Count, dimension, spread, 0);
        foreach (DistanceMetric metric in Enum.GetValues<DistanceMetric>())
        {
            double[] distances = Distances(values, Count, dimension, metric);
            double[] ofSome = [.. distances.Take(20 * Count).Order()];
            foreach (double share in new[] { 0.001, 0.01, 0.1 })
            {
                double eps = Math.Max(1e-7, ofSome[(int)(share * (ofSome.Length - 1))]);
                foreach (int minSamples in new[] { 2, 5, 40 })
                {
                    AssertTextbook(values, Count, dimension, metric, distances, eps, minSamples);
                }
            }
        }
    }

    [Theory]
    [InlineData(DistanceMetric.Euclidean)]
    [InlineData(DistanceMetric.Cosine)]
    public void Fit_ManyTies_AgreesWithTheTextbook(DistanceMetric metric)
    {
        // A grid: most distances are equal to others, and eps is one of them.
        float[] values = [.. Enumerable.Range(0, 400).SelectMany(i => new float[] { i % 20, i / 20 })];
        double[] distances = Distances(values, 400, 2, metric);
        foreach (double eps in new[] { 1.0, Math.Sqrt(2), 2, distances[25], distances[410] }.Where(eps => eps > 0))
        {
            foreach (int minSamples in new[] { 3, 5, 9 })
            {
                AssertTextbook(values, 400, 2, metric, distances, eps, minSamples);
            }
        }
    }

    [Theory]
    [InlineData(1e-30)]
    [InlineData(1e-12)]
    [InlineData(1e12)]
    [InlineData(1e30)]
    public void Fit_AnyScale_AgreesWithTheTextbook(double scale)
    {
        float[] values = [.. Groups(9, 200, 5, 6, 0).Select(x => (float)(x * scale))];
        foreach (DistanceMetric metric in Enum.GetValues<DistanceMetric>())
        {
            double[] distances = Distances(values, 200, 5, metric);
            AssertTextbook(values, 200, 5, metric, distances, distances.Order().ElementAt(1500), 5);
        }
    }

    [Fact]
    public void Fit_OneFarPoint_DoesNotBlurTheOthers()
    {
        // Centred and scaled by the outlier, the others are nearly equal in single precision.
        float[] values = [.. Groups(10, 199, 3, 6, 0), 1e9f, 1e9f, -1e9f];
        double[] distances = Distances(values, 200, 3, DistanceMetric.Euclidean);
        AssertTextbook(values, 200, 3, DistanceMetric.Euclidean, distances, distances.Order().ElementAt(1500), 5);
    }

    [Fact]
    public void Fit_RowsOfZeros_AreAloneUnlessEpsReachesEverything()
    {
        float[] values = [0, 0, 1, 0, 1, 0.01f, 0, 0, -1, 0];
        double[] distances = Distances(values, 5, 2, DistanceMetric.Cosine);
        foreach (double eps in new[] { 0.5, 1, 1.5, 2 })
        {
            foreach (int minSamples in new[] { 1, 2, 3 })
            {
                AssertTextbook(values, 5, 2, DistanceMetric.Cosine, distances, eps, minSamples);
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(1000)]
    [InlineData(2001)]
    public void Fit_AllPointsEqual_OneClusterOrNoise(int minSamples)
    {
        float[] values = [.. Enumerable.Repeat(0.7f, 2000 * 3)];

        DbscanResult result = new Dbscan(new DbscanOptions { Eps = 1e-3, MinSamples = minSamples, Metric = DistanceMetric.Euclidean })
            .Fit(values, 2000, 3);

        Assert.All(result.Labels, label => Assert.Equal(minSamples > 2000 ? -1 : 0, label));
    }

    [Fact]
    public void Fit_Cancelled_Stops()
    {
        using var source = new CancellationTokenSource();
        float[] values = Groups(3, 3000, 20, 3, 0);
        var progress = new Callback(_ => source.Cancel());

        Assert.ThrowsAny<OperationCanceledException>(() =>
            new Dbscan(new DbscanOptions { Eps = 1, Metric = DistanceMetric.Euclidean }).Fit(values, 3000, 20, progress, source.Token));
        Assert.True(progress.Calls > 0);
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

        new Dbscan(new DbscanOptions { Eps = 1, MinSamples = 2, Metric = DistanceMetric.Euclidean })
            .Fit(Groups(3, 500, 2, 3, 0), 500, 2, progress);

        Assert.Equal(1, largest, 12);
    }

    private static void AssertTextbook(
        float[] values, int count, int dimension, DistanceMetric metric, double[] distances, double eps, int minSamples)
    {
        (bool[] isCore, int[] labels) = Textbook(distances, count, eps, minSamples);

        DbscanResult result = new Dbscan(new DbscanOptions { Eps = eps, MinSamples = minSamples, Metric = metric })
            .Fit(values, count, dimension);

        Assert.Equal(isCore, result.IsCore);
        Assert.Equal(labels, result.Labels);
    }

    private static (bool[] IsCore, int[] Labels) Textbook(double[] distances, int count, double eps, int minSamples)
    {
        bool Near(int i, int j) => i == j || distances[(i * count) + j] <= eps;
        bool[] isCore = [.. Enumerable.Range(0, count).Select(i => Enumerable.Range(0, count).Count(j => Near(i, j)) >= minSamples)];
        int[] labels = [.. Enumerable.Repeat(-1, count)];
        int cluster = 0;
        for (int seed = 0; seed < count; seed++)
        {
            if (labels[seed] >= 0 || !isCore[seed])
            {
                continue;
            }

            var frontier = new Stack<int>([seed]);
            labels[seed] = cluster;
            while (frontier.TryPop(out int i))
            {
                for (int j = 0; isCore[i] && j < count; j++)
                {
                    if (labels[j] < 0 && Near(i, j))
                    {
                        labels[j] = cluster;
                        frontier.Push(j);
                    }
                }
            }

            cluster++;
        }

        return (isCore, labels);
    }

    private sealed class Callback(Action<double> report) : IProgress<double>
    {
        private int _calls;

        public int Calls => _calls;

        public void Report(double value)
        {
            Interlocked.Increment(ref _calls);
            report(value);
        }
    }
}
