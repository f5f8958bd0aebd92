using CrossModalVae.Clustering;
using CrossModalVae.Numerics;

namespace CrossModalVae.Analysis.Tests.Clustering;

public class DbscanTests
{
    // Seven points on a line: 0, 1, 2 close together, 4 apart, 10 and 11 a pair, 30 alone.
    private static readonly float[] Line = [0, 1, 2, 4, 10, 11, 30];

    [Theory]
    [InlineData(0.5, 2, new[] { -1, -1, -1, -1, -1, -1, -1 })] // too sparse: all noise
    [InlineData(1.0, 2, new[] { 0, 0, 0, -1, 1, 1, -1 })] // eps is inclusive
    [InlineData(1.0, 3, new[] { 0, 0, 0, -1, -1, -1, -1 })] // 1 is the only core point; 0 and 2 are its border
    [InlineData(6.0, 2, new[] { 0, 0, 0, 0, 0, 0, -1 })] // 4 joins both groups
    [InlineData(1.0, 1, new[] { 0, 0, 0, 1, 2, 2, 3 })] // every point is a core point of itself
    public void Fit_LineInFourRegimes_LabelsAsScikitLearn(double eps, int minSamples, int[] expected)
    {
        DbscanResult result = Fit(Line, 1, eps, minSamples, DistanceMetric.Euclidean);

        Assert.Equal(expected, result.Labels);
        Assert.Equal(expected.Max() + 1, result.ClusterCount);
        Assert.Equal(expected.Count(label => label < 0) / 7.0, result.NoiseShare);
    }

    [Theory]
    [InlineData("blobs-euclidean", DistanceMetric.Euclidean)]
    [InlineData("blobs-cosine", DistanceMetric.Cosine)]
    public void Fit_ScikitLearnsCases_GivesItsLabels(string name, DistanceMetric metric)
    {
        string[] lines = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Golden", "Clustering", $"{name}.csv"));
        string[] header = lines[0].Split(',');
        double[][] rows = [.. lines.Skip(1).Select(line => line.Split(',').Select(double.Parse).ToArray())];
        int dimension = rows[0].Length - 2;
        float[] values = [.. rows.SelectMany(row => row.Take(dimension)).Select(x => (float)x)];

        DbscanResult result = Fit(values, dimension, double.Parse(header[0]), int.Parse(header[1]), metric);

        Assert.Equal(rows.Select(row => (int)row[dimension]), result.Labels);
        Assert.Equal(rows.Select(row => row[dimension + 1] == 1), result.IsCore);
    }

    [Fact]
    public void Fit_PointsInOtherOrder_SamePartitionOfCorePoints()
    {
        var random = new SeededRandom(5);
        float[] values =
        [
            .. Enumerable.Range(0, 200).SelectMany(i => new[] { i % 4 * 10f + (float)random.NextGaussian(), (float)random.NextGaussian() }),
        ];
        int[] order = [.. Enumerable.Range(0, 200)];
        random.Shuffle(order.AsSpan());
        float[] shuffled = [.. order.SelectMany(i => new[] { values[2 * i], values[(2 * i) + 1] })];

        DbscanResult plain = Fit(values, 2, 0.8, 5, DistanceMetric.Euclidean);
        DbscanResult other = Fit(shuffled, 2, 0.8, 5, DistanceMetric.Euclidean);

        int[] core = [.. Enumerable.Range(0, 200).Where(i => other.IsCore[i])];
        Assert.Equal(core.Select(i => plain.IsCore[order[i]]), core.Select(_ => true));
        var pairs = core.Select(i => (other.Labels[i], plain.Labels[order[i]])).Distinct().ToList();
        Assert.Equal(pairs.Select(p => p.Item1).Distinct().Count(), pairs.Count);
        Assert.Equal(pairs.Select(p => p.Item2).Distinct().Count(), pairs.Count);
    }

    [Fact]
    public void Fit_EpsLeftOpen_FindsTheGroups()
    {
        var random = new SeededRandom(6);
        float[] values =
        [
            .. Enumerable.Range(0, 300).SelectMany(i => new[] { i % 3 * 20f + (float)random.NextGaussian(), (float)random.NextGaussian() }),
        ];

        DbscanResult result = new Dbscan(new DbscanOptions { Metric = DistanceMetric.Euclidean }).Fit(values, 300, 2);

        Assert.Equal(3, result.ClusterCount);
        Assert.InRange(result.Eps, 0.2, 3);
    }

    [Fact]
    public void Fit_NoPoints_NoClusters()
    {
        DbscanResult result = Fit([], 3, 1, 2, DistanceMetric.Cosine);

        Assert.Empty(result.Labels);
        Assert.Equal(0, result.ClusterCount);
    }

    [Fact]
    public void Fit_InputArray_IsLeftAsItWas()
    {
        float[] values = [3, 4, 6, 8];

        Fit(values, 2, 0.1, 1, DistanceMetric.Cosine);

        Assert.Equal([3f, 4f, 6f, 8f], values);
    }

    [Fact]
    public void Constructor_BadOptions_NamesEveryFault()
    {
        var options = new DbscanOptions { Eps = -1, MinSamples = 0, Metric = (DistanceMetric)9 };

        var e = Assert.Throws<ArgumentException>(() => new Dbscan(options));

        Assert.Equal(
            "'Eps' is -1; must be > 0. 'MinSamples' is 0; must be >= 1. 'Metric' is 9; must be one of Cosine, Euclidean.", e.Message);
    }

    [Fact]
    public void Fit_NotFinite_IsRefused()
    {
        var e = Assert.Throws<ArgumentException>(() => Fit([1, 2, float.NaN, 4], 2, 1, 1, DistanceMetric.Euclidean));

        Assert.StartsWith("'values' has NaN in row 1, column 0; must be finite.", e.Message, StringComparison.Ordinal);
    }

    private static DbscanResult Fit(float[] values, int dimension, double eps, int minSamples, DistanceMetric metric) =>
        new Dbscan(new DbscanOptions { Eps = eps, MinSamples = minSamples, Metric = metric })
            .Fit(values, values.Length / dimension, dimension);
}
