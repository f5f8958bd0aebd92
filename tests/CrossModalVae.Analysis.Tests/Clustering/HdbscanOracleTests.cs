using CrossModalVae.Analysis.Tests.Oracles;
using CrossModalVae.Clustering;
using CrossModalVae.Numerics;

namespace CrossModalVae.Analysis.Tests.Clustering;

/// <summary>Against HDBSCAN* as it is written down; ties are the rule there, since a core distance is the weight of many edges.</summary>
public class HdbscanOracleTests
{
    // The same few operations on the same doubles; only sums are in another order.
    private const double Rounding = 1e-12;

    public static TheoryData<int, int, int, double> Cases()
    {
        // seed, points, dimension, spread of the groups' centres
        var cases = new TheoryData<int, int, int, double>();
        int seed = 1;
        foreach (int count in new[] { 2, 3, 5, 31, 33, 90 })
        {
            foreach (int dimension in new[] { 1, 2, 7, 100 })
            {
                cases.Add(seed++, count, dimension, 0);
                cases.Add(seed++, count, dimension, 4);
            }
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Fit_RandomGroups_AgreesWithTheTextbook(int seed, int count, int dimension, double spread) =>
        AssertTextbook(ClusterShapes.Groups(seed, count, dimension, spread, seed % 4 == 0 ? 1000 : 0), count, dimension);

    [Fact]
    public void Fit_Grid_AgreesWithTheTextbook()
    {
        // Most distances are equal to others; two patches of unequal density and a bridge.
        float[] values = [.. Enumerable.Range(0, 40).SelectMany(i => new float[] { i % 8, i / 8 })
            .Concat(Enumerable.Range(0, 36).SelectMany(i => new float[] { 14 + (i % 6 * 2), i / 6 * 2 })).Concat([9f, 2f, 11f, 2f])];

        AssertTextbook(values, 78, 2);
    }

    [Fact]
    public void Fit_EqualRowsAmongOthers_AgreesWithTheTextbook()
    {
        // Three places with many equal rows each: densities are infinite there.
        float[] values = [.. Enumerable.Range(0, 60).SelectMany(i => i % 4 == 3 ? new[] { i * 0.37f, i % 7 * 0.5f } : [i % 3 * 10f, 0])];

        AssertTextbook(values, 60, 2);
    }

    [Fact]
    public void Fit_RowsOfZeros_AgreesWithTheTextbook() =>
        AssertTextbook([0, 0, 1, 0, 1, 0.01f, 0, 0, -1, 0, 2, 0.1f, 0.1f, 3, 0.2f, 3, 0, 1, -0.1f, 2], 10, 2);

    [Theory]
    [InlineData(1e-30)]
    [InlineData(1e30)]
    public void Fit_AnyScale_AgreesWithTheTextbook(double scale) =>
        AssertTextbook([.. ClusterShapes.Groups(9, 60, 5, 6, 0).Select(x => (float)(x * scale))], 60, 5);

    private static void AssertTextbook(float[] values, int count, int dimension)
    {
        foreach (DistanceMetric metric in Enum.GetValues<DistanceMetric>())
        {
            double[] distances = ClusterShapes.Distances(values, count, dimension, metric);
            double epsilon = distances.Order().ElementAt(distances.Length / 4);
            foreach (HdbscanOptions options in Variants(metric, epsilon))
            {
                var expected = new DirectHdbscan(distances, count, options);

                HdbscanResult result = new Hdbscan(options).Fit(values, count, dimension);

                Assert.Equal(expected.Labels, result.Labels);
                Assert.Equal(expected.Labels.Max() + 1, result.ClusterCount);
                AssertEqual(expected.Probabilities, result.Probabilities);
                AssertEqual(expected.OutlierScores, result.OutlierScores);
            }
        }
    }

    private static IEnumerable<HdbscanOptions> Variants(DistanceMetric metric, double epsilon)
    {
        foreach ((int minClusterSize, int? minSamples) in new (int, int?)[] { (2, 1), (3, null), (4, 2), (5, 1), (5, 40) })
        {
            foreach (ClusterSelection selection in Enum.GetValues<ClusterSelection>())
            {
                var options = new HdbscanOptions
                {
                    MinClusterSize = minClusterSize,
                    MinSamples = minSamples,
                    Metric = metric,
                    Selection = selection,
                };
                yield return options;
                yield return options with { AllowSingleCluster = true };
                yield return options with { SelectionEpsilon = epsilon };
                yield return options with { SelectionEpsilon = epsilon, AllowSingleCluster = true };
            }
        }
    }

    private static void AssertEqual(double[] expected, IReadOnlyList<double> actual)
    {
        Assert.Equal(expected.Length, actual.Count);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], actual[i], Rounding);
        }
    }
}
