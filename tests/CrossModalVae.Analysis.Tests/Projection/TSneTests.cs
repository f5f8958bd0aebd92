using System.Runtime.InteropServices;
using CrossModalVae.Metrics;
using CrossModalVae.Numerics;
using CrossModalVae.Projection;

namespace CrossModalVae.Analysis.Tests.Projection;

public class TSneTests
{
    // scikit-learn's bisection stops at an entropy within 1e-5; ours does too, on other sides of it where roundings differ.
    private const double AffinityTolerance = 2e-4;
    private const double DivergenceFactor = 1.02; // the bound
    private const double TrustworthinessTolerance = 0.01; // the bound

    private static readonly LayoutLoops Loops = new(null, CancellationToken.None);
    private static readonly TSneOptions Quick = new() { Perplexity = 10, IterationCount = 60, ExaggeratedIterationCount = 20 };

    [Fact]
    public void JointProbabilities_ScikitLearnsCase_GivesItsAffinities()
    {
        SparseRows joint = TSne.JointProbabilities(
            PointTiles.Create(GoldenProjection.Few, GoldenProjection.FewCount, GoldenProjection.Dimension, DistanceMetric.Euclidean),
            10,
            Loops);

        float[] expected = GoldenProjection.Read("affinities");
        var dense = new float[expected.Length];
        for (int i = 0; i < joint.Count; i++)
        {
            for (int e = joint.Starts[i]; e < joint.Starts[i + 1]; e++)
            {
                dense[(i * joint.Count) + joint.Columns[e]] = joint.Values[e];
            }
        }

        float largest = expected.Max();
        for (int k = 0; k < expected.Length; k++)
        {
            Assert.Equal(expected[k], dense[k], AffinityTolerance * largest);
        }

        Assert.Equal(1, joint.Values.Sum(value => (double)value), 1e-5);
    }

    [Fact]
    public void Fit_ScikitLearnsCase_IsAsGoodAsItsLayout()
    {
        float[] points = GoldenProjection.Points;
        float[] golden = GoldenProjection.Read("layout");

        TSneResult result = new TSne(new TSneOptions()).Fit(points, GoldenProjection.PointCount, GoldenProjection.Dimension);

        Assert.InRange(result.KullbackLeiblerLoss, 0, DivergenceFactor * Divergence(golden));
        Assert.InRange(Trust(points, result.Layout.ToArray()), Trust(points, golden) - TrustworthinessTolerance, 1);
        Assert.Equal(Divergence(result.Layout.ToArray()), result.KullbackLeiblerLoss, 1e-9);
        Assert.Equal(Trust(points, result.Layout.ToArray()), result.TrustworthinessScore, 1e-12);
    }

    /// <summary>
    /// Many people with few clips, as good embeddings are: fewer neighbours of one's own than the perplexity counts. Exaggeration pulls all
    /// of them onto one point; the layout must come out of it.
    /// </summary>
    [Theory]
    [InlineData(1_000)]
    [InlineData(4_800)] // beyond all pairs
    public void Fit_ManySmallGroups_KeepsThemApart(int count)
    {
        const int Dimension = 32, GroupSize = 8;
        var random = new SeededRandom(1);
        float[] points = new float[count * Dimension];
        float[] centres = [.. Enumerable.Range(0, count / GroupSize * Dimension).Select(_ => (float)random.NextGaussian())];
        for (int i = 0; i < points.Length; i++)
        {
            points[i] = centres[(i / Dimension / GroupSize * Dimension) + (i % Dimension)] + (float)(0.5 * random.NextGaussian());
        }

        TSneResult result = new TSne(new TSneOptions { IterationCount = 500 }).Fit(points, count, Dimension);

        Assert.InRange(result.TrustworthinessScore, 0.97, 1); // 0.5 to 0.7 where the layout is left on a point or a line
    }

    [Fact]
    public void Run_GridInPlaceOfAllPairs_IsAsGood()
    {
        float[] points = GoldenProjection.Points;
        TSneResult exact = new TSne(new TSneOptions()).Fit(points, GoldenProjection.PointCount, GoldenProjection.Dimension);

        TSneResult grid = new TSne(new TSneOptions()) { LargestExact = 0 }.Fit(
            points, GoldenProjection.PointCount, GoldenProjection.Dimension);

        Assert.InRange(grid.KullbackLeiblerLoss, 0, DivergenceFactor * exact.KullbackLeiblerLoss);
        Assert.InRange(grid.TrustworthinessScore, exact.TrustworthinessScore - TrustworthinessTolerance, 1);
        Assert.NotEqual(exact.Layout.ToArray(), grid.Layout.ToArray());
        Assert.Equal(Divergence(grid.Layout.ToArray()), grid.KullbackLeiblerLoss, 1e-9);
    }

    [Theory]
    [InlineData(int.MaxValue)]
    [InlineData(0)]
    public void Fit_AnyNumberOfThreads_SameBytes(int largestExact)
    {
        TSneResult Fit(int threads) => new TSne(Quick) { ThreadCount = threads, LargestExact = largestExact }
            .Fit(GoldenProjection.Points, GoldenProjection.PointCount, GoldenProjection.Dimension);

        TSneResult one = Fit(1);
        TSneResult five = Fit(5);

        Assert.Equal(MemoryMarshal.AsBytes(one.Layout.Span).ToArray(), MemoryMarshal.AsBytes(five.Layout.Span).ToArray());
        Assert.Equal(one.KullbackLeiblerLoss, five.KullbackLeiblerLoss);
        Assert.Equal(one.TrustworthinessScore, five.TrustworthinessScore);
    }

    [Fact]
    public void Fit_Seed_ChangesARandomStartAltogetherAndAPcaStartABit()
    {
        float[] Start(TSneInitialisation initialisation, long seed) => FitFew(
            Quick with
            {
                IterationCount = 1,
                ExaggeratedIterationCount = 1,
                LearningRate = 1e-9,
                Initialisation = initialisation,
                Seed = seed,
            }).Layout.ToArray();

        double Difference(TSneInitialisation initialisation) =>
            Start(initialisation, 1).Zip(Start(initialisation, 2), (a, b) => Math.Abs(a - b)).Average();

        Assert.InRange(Difference(TSneInitialisation.Random), 5e-5, 2e-4);
        Assert.InRange(Difference(TSneInitialisation.Pca), 5e-7, 2e-6);
        Assert.Equal(Start(TSneInitialisation.Pca, 1), Start(TSneInitialisation.Pca, 1));
    }

    [Fact]
    public void Fit_TwoModalitiesOfTheSamePeople_LieTogetherInOneLayout()
    {
        // Each person's voices and faces scatter around one place of the joint space.
        var random = new SeededRandom(4);
        const int People = 6, Each = 20, Wide = 8;
        float[] centres = [.. Enumerable.Range(0, People * Wide).Select(_ => (float)(4 * random.NextGaussian()))];
        int[] person = [.. Enumerable.Range(0, 2 * People * Each).Select(row => row % People)]; // rows of both modalities in one matrix
        float[] joint =
        [
            .. person.SelectMany(
                p => Enumerable.Range(0, Wide).Select(d => centres[(p * Wide) + d] + (float)(0.3 * random.NextGaussian()))),
        ];

        TSneResult result = new TSne(new TSneOptions { Perplexity = 15, IterationCount = 500 }).Fit(joint, person.Length, Wide);
        float[] layout = result.Layout.ToArray();

        for (int i = 0; i < person.Length; i++)
        {
            int nearest = Enumerable.Range(0, person.Length).Where(j => j != i).MinBy(j => Distance(layout, i, j));
            Assert.Equal(person[i], person[nearest]);
        }
    }

    [Fact]
    public void Fit_InputAndProgress_InputIsLeftAsItWasAndEveryStepIsReported()
    {
        float[] points = GoldenProjection.Few;
        var steps = new List<int>();

        new TSne(Quick with { Metric = DistanceMetric.Cosine })
            .Fit(points, GoldenProjection.FewCount, GoldenProjection.Dimension, new Recorder(steps));

        Assert.Equal(GoldenProjection.Few, points);
        Assert.Equal(Enumerable.Range(1, Quick.IterationCount), steps);
    }

    [Fact]
    public void Fit_Cosine_LooksAtDirectionOnly()
    {
        float[] points = GoldenProjection.Few;
        float[] scaled = [.. points.Select((value, k) => value * (1 << (k / GoldenProjection.Dimension % 4)))]; // powers of two: exact

        TSneOptions cosine = Quick with { Metric = DistanceMetric.Cosine };

        TSneResult ofScaled = new TSne(cosine).Fit(scaled, GoldenProjection.FewCount, GoldenProjection.Dimension);
        Assert.Equal(FitFew(cosine).Layout.ToArray(), ofScaled.Layout.ToArray());
        Assert.NotEqual(FitFew(cosine).Layout.ToArray(), FitFew(Quick).Layout.ToArray());
    }

    [Fact]
    public void Fit_Cancelled_Stops()
    {
        using var source = new CancellationTokenSource();
        var steps = new List<int>();
        var stopper = new Recorder(steps, step =>
        {
            if (step == 7)
            {
                source.Cancel();
            }
        });

        Assert.ThrowsAny<OperationCanceledException>(
            () => new TSne(Quick).Fit(GoldenProjection.Few, GoldenProjection.FewCount, GoldenProjection.Dimension, stopper, source.Token));

        Assert.Equal(7, steps[^1]);
    }

    [Fact]
    public void Fit_DuplicatedPoints_GivesFinitePlacesNearEachOther()
    {
        float[] few = GoldenProjection.Few;
        float[] doubled = [.. few, .. few];

        TSneResult result = new TSne(new TSneOptions { Perplexity = 10, IterationCount = 400 })
            .Fit(doubled, 240, GoldenProjection.Dimension);

        Assert.All(result.Layout.ToArray(), value => Assert.True(float.IsFinite(value)));
        double size = Math.Sqrt(result.Layout.ToArray().Average(value => (double)value * value));
        for (int i = 0; i < 120; i++)
        {
            Assert.InRange(Distance(result.Layout.ToArray(), i, i + 120), 0, 0.2 * size);
        }
    }

    [Fact]
    public void Fit_MoreEqualPointsThanNeighbours_GivesFinitePlaces()
    {
        float[] points = [.. Enumerable.Range(0, 50).SelectMany(i => new[] { i < 40 ? 1f : i, 2f })];

        TSneResult result = new TSne(Quick with { Perplexity = 5 }).Fit(points, 50, 2);

        Assert.All(result.Layout.ToArray(), value => Assert.True(float.IsFinite(value)));
        Assert.True(double.IsFinite(result.KullbackLeiblerLoss));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Fit_FewestPoints_Works(int dimension)
    {
        float[] points = [.. Enumerable.Range(0, 6 * dimension).Select(k => (float)(k * k % 7))];

        TSneResult result = new TSne(Quick with { Perplexity = 2 }).Fit(points, 6, dimension);

        Assert.Equal(12, result.Layout.Length);
        Assert.All(result.Layout.ToArray(), value => Assert.True(float.IsFinite(value)));
    }

    [Fact]
    public void Fit_NothingToLayOut_Throws()
    {
        Assert.Equal(
            "'values' has 29 rows; must have at least 30, three times the perplexity of 10. (Parameter 'values')",
            Assert.Throws<ArgumentException>(() => new TSne(Quick).Fit(GoldenProjection.Few[..(29 * 20)], 29, 20)).Message);
        Assert.Equal(
            "'values' has 40 equal rows; there is nothing to lay out. (Parameter 'values')",
            Assert.Throws<ArgumentException>(() => new TSne(Quick).Fit([.. Enumerable.Repeat(2f, 80)], 40, 2)).Message);
        Assert.Equal(
            "'values' has 40 rows of one direction; there is nothing to lay out. (Parameter 'values')",
            Assert.Throws<ArgumentException>(() => new TSne(Quick with { Metric = DistanceMetric.Cosine }).Fit(
                [.. Enumerable.Range(0, 40).Select(i => (float)(i + 1))], 40, 1)).Message);
        Assert.Equal(
            "'values' has NaN in row 0, column 1; must be finite. (Parameter 'values')",
            Assert.Throws<ArgumentException>(() => new TSne(Quick).Fit([1, float.NaN], 1, 2)).Message);
    }

    [Theory]
    [InlineData(int.MaxValue, 1e30)]
    [InlineData(0, 1e30)]
    [InlineData(int.MaxValue, 1e38)]
    [InlineData(0, 1e38)]
    public void Fit_StepsTooLarge_SaysWhatDivergedAndWhatToLower(int largestExact, double rate)
    {
        TSneOptions options = Quick with { LearningRate = rate, EarlyExaggeration = 1.5 };

        var e = Assert.Throws<ArgumentException>(() => new TSne(options) { LargestExact = largestExact }.Fit(
            GoldenProjection.Few, GoldenProjection.FewCount, GoldenProjection.Dimension));

        Assert.Matches(
            "^The layout diverged at step [0-9]+ of 60: a coordinate is beyond 1E\\+15; "
            + "lower 'LearningRate', 1E\\+3[08], or 'EarlyExaggeration', 1.5\\.$",
            e.Message);
    }

    [Fact]
    public void TSne_BadOptions_NamesEveryFault()
    {
        var options = new TSneOptions
        {
            Perplexity = 1,
            IterationCount = 0,
            ExaggeratedIterationCount = 5,
            EarlyExaggeration = 0.5,
            LearningRate = 0,
            Initialisation = (TSneInitialisation)9,
            Metric = (DistanceMetric)9,
        };

        Assert.Equal(
            "'Perplexity' is 1; must be > 1. 'IterationCount' is 0; must be >= 1. "
            + "'ExaggeratedIterationCount' is 5; must be 0 to 'IterationCount', 0. "
            + "'EarlyExaggeration' is 0.5; must be >= 1. 'LearningRate' is 0; must be > 0. "
            + "'Initialisation' is 9; must be one of Pca, Random. 'Metric' is 9; must be one of Cosine, Euclidean.",
            Assert.Throws<ArgumentException>(() => new TSne(options)).Message);
    }

    private static TSneResult FitFew(TSneOptions options) =>
        new TSne(options).Fit(GoldenProjection.Few, GoldenProjection.FewCount, GoldenProjection.Dimension);

    private static double Divergence(float[] layout) => new TSne(new TSneOptions()).Divergence(
        GoldenProjection.Points, layout, GoldenProjection.PointCount, GoldenProjection.Dimension);

    private static double Trust(float[] points, float[] layout) =>
        Trustworthiness.Score(points, layout, GoldenProjection.PointCount, GoldenProjection.Dimension, 2, 5);

    private static double Distance(float[] layout, int i, int j) =>
        Math.Sqrt(Math.Pow(layout[2 * i] - layout[2 * j], 2) + Math.Pow(layout[(2 * i) + 1] - layout[(2 * j) + 1], 2));

    private sealed class Recorder(List<int> steps, Action<int>? then = null) : IProgress<int>
    {
        public void Report(int value)
        {
            steps.Add(value);
            then?.Invoke(value);
        }
    }
}
