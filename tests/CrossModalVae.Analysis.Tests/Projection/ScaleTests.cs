using CrossModalVae.Analysis.Tests.Clustering;
using CrossModalVae.Clustering;
using CrossModalVae.Metrics;
using CrossModalVae.Numerics;
using CrossModalVae.Projection;

namespace CrossModalVae.Analysis.Tests.Projection;

/// <summary>The unit of the rows means nothing: squares of theirs may leave single precision, results may not change.</summary>
public class ScaleTests
{
    private const int Count = 120;
    private const int Dimension = 6;

    // Rows scaled by a power of ten are rounded anew, and t-SNE magnifies that into another local optimum; its quality stays.
    private const double RoundingOfLayout = 0.1;
    private const double Rounding = 1e-5;

    private static readonly TSneOptions Short = new() { Perplexity = 8, IterationCount = 400, ExaggeratedIterationCount = 100 };

    public static TheoryData<DistanceMetric, int> Powers => new()
    {
        { DistanceMetric.Euclidean, 63 },
        { DistanceMetric.Euclidean, -63 },
        { DistanceMetric.Euclidean, 110 },
        { DistanceMetric.Euclidean, -110 },
        { DistanceMetric.Cosine, 63 },
        { DistanceMetric.Cosine, -63 },
        { DistanceMetric.Cosine, 110 },
        { DistanceMetric.Cosine, -110 },
    };

    public static TheoryData<DistanceMetric, double> Factors => new()
    {
        { DistanceMetric.Euclidean, 1e19 },
        { DistanceMetric.Euclidean, 1e-19 },
        { DistanceMetric.Euclidean, 1e30 },
        { DistanceMetric.Euclidean, 1e-30 },
        { DistanceMetric.Cosine, 1e19 },
        { DistanceMetric.Cosine, 1e-19 },
        { DistanceMetric.Cosine, 1e30 },
        { DistanceMetric.Cosine, 1e-30 },
    };

    [Theory]
    [MemberData(nameof(Powers))]
    public void Tsne_RowsTimesAPowerOfTwo_SameLayoutToTheBit(DistanceMetric metric, int exponent)
    {
        float[] points = Groups();
        TSneOptions options = Short with { Metric = metric };

        TSneResult plain = new TSne(options).Fit(points, Count, Dimension);
        TSneResult scaled = new TSne(options).Fit(Scaled(points, exponent), Count, Dimension);

        Assert.Equal(plain.Layout.ToArray(), scaled.Layout.ToArray());
        Assert.Equal(plain.KullbackLeiblerLoss, scaled.KullbackLeiblerLoss);
        Assert.Equal(plain.TrustworthinessScore, scaled.TrustworthinessScore);
        Assert.InRange(plain.TrustworthinessScore, 0.9, 1);
        float[] few = points[..(5 * Dimension)];
        Assert.Equal(plain.Transform(few, 5), scaled.Transform(Scaled(few, exponent), 5));
    }

    [Theory]
    [MemberData(nameof(Factors))]
    public void Tsne_RowsTimesAFactor_LayoutIsAsGood(DistanceMetric metric, double factor)
    {
        float[] points = Groups();
        TSneOptions options = Short with { Metric = metric };

        TSneResult plain = new TSne(options).Fit(points, Count, Dimension);
        TSneResult scaled = new TSne(options).Fit(Times(points, factor), Count, Dimension);

        Assert.Equal(plain.KullbackLeiblerLoss, scaled.KullbackLeiblerLoss, RoundingOfLayout * plain.KullbackLeiblerLoss);
        Assert.Equal(plain.TrustworthinessScore, scaled.TrustworthinessScore, RoundingOfLayout);
    }

    [Fact]
    public void Tsne_NeighboursAtScalesOfTheirOwn_EachHasTheAffinitiesOfItsScale()
    {
        // Two groups of equal shape, one 1e-25 times as large as the other: squares of the small one vanish beside those of the large.
        float[] shape = Groups()[..(40 * Dimension)];
        float[] both = [.. Times(shape, 1e-25), .. shape.Select(value => value + 1000f)];

        SparseRows joint = TSne.JointProbabilities(
            PointTiles.Create(both, 80, Dimension, DistanceMetric.Euclidean), 5, new LayoutLoops(null, CancellationToken.None));

        double small = Enumerable.Range(0, joint.Starts[40]).Max(i => joint.Values[i]);
        double large = Enumerable.Range(joint.Starts[40], joint.Values.Length - joint.Starts[40]).Max(i => joint.Values[i]);
        Assert.Equal(large, small, 0.05 * large);
    }

    [Theory]
    [MemberData(nameof(Factors))]
    public void Clusters_RowsTimesAFactor_SameLabels(DistanceMetric metric, double factor)
    {
        float[] points = Groups();
        float[] scaled = Times(points, factor);
        var dbscan = new Dbscan(new DbscanOptions { MinSamples = 4, Metric = metric });
        var hdbscan = new Hdbscan(new HdbscanOptions { MinClusterSize = 6, Metric = metric });

        DbscanResult plain = dbscan.Fit(points, Count, Dimension), other = dbscan.Fit(scaled, Count, Dimension);

        Assert.Equal(plain.Labels, other.Labels);
        Assert.True(plain.ClusterCount > 1);
        double unit = metric == DistanceMetric.Euclidean ? factor : 1;
        Assert.Equal(1, other.Eps / (plain.Eps * unit), Rounding);
        Assert.Equal(plain.Knee!.Value.Rise, other.Knee!.Value.Rise, Rounding);
        Assert.Equal(
            hdbscan.Fit(points, Count, Dimension).Labels, hdbscan.Fit(scaled, Count, Dimension).Labels);
        Assert.Equal(
            WardLinkage.Cut(points, Count, Dimension, metric, 5), WardLinkage.Cut(scaled, Count, Dimension, metric, 5));
    }

    [Theory]
    [MemberData(nameof(Factors))]
    public void Scores_RowsTimesAFactor_Same(DistanceMetric metric, double factor)
    {
        float[] points = Groups();
        float[] scaled = Times(points, factor);
        int[] labels = [.. Enumerable.Range(0, Count).Select(i => i % 5)];
        float[] layout = [.. Enumerable.Range(0, Count).SelectMany(i => points.AsSpan(i * Dimension, 2).ToArray())];

        Assert.Equal(
            Silhouette.Score(points, Count, Dimension, labels, metric, Count, 1)!.Value,
            Silhouette.Score(scaled, Count, Dimension, labels, metric, Count, 1)!.Value,
            Rounding);
        double trust = Trustworthiness.Score(points, layout, Count, Dimension, 2);
        Assert.Equal(trust, Trustworthiness.Score(scaled, layout, Count, Dimension, 2), 1e-3);
        Assert.Equal(trust, Trustworthiness.Score(points, Times(layout, factor), Count, Dimension, 2), 1e-3);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(60)]
    [InlineData(-60)]
    [InlineData(125)]
    [InlineData(-140)]
    public void ToUnitLength_RowOfAnySize_HasLengthOne(int exponent)
    {
        float[] rows = Scaled([3, 0, -4, 0, 0, 0], exponent);

        Assert.Equal([0.6f, 0, -0.8f, 0, 0, 0], Rows.ToUnitLength(rows, 3));
    }

    // Apart enough for both metrics.
    private static float[] Groups() => ClusterShapes.Groups(seed: 3, Count, Dimension, spread: 8, offset: 0);

    private static float[] Scaled(float[] values, int exponent) => Array.ConvertAll(values, value => MathF.ScaleB(value, exponent));

    private static float[] Times(float[] values, double factor) => Array.ConvertAll(values, value => (float)(value * factor));
}
