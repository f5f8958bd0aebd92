using System.Numerics.Tensors;
using CrossModalVae.Files;
using CrossModalVae.Metrics;

namespace CrossModalVae.Projection;

/// <summary>
/// t-distributed stochastic neighbour embedding in two dimensions (van der Maaten, Hinton 2008): points that are near in the input are near
/// in the layout. One matrix of voices and faces gives one picture of both.
/// </summary>
/// <remarks>
/// Affinities, schedule and step sizes are scikit-learn's. Repulsion is exact over all pairs for up to 4,000 points, and convolved on a
/// grid beyond (Linderman et al. 2019, with other splines), in O(N) and a few hundred MB for a million points. The same seed gives the same
/// bytes on one machine, whatever the number of threads; across machines the rounding of SIMD instructions differs, and t-SNE magnifies it.
/// </remarks>
public sealed class TSne
{
    /// <summary>Coordinates of a point in the layout.</summary>
    public const int LayoutDimension = 2;

    // Where both kinds of repulsion take the same time (bench/results/tsne.md).
    internal int LargestExact { get; init; } = 4_000;

    internal int? ThreadCount { get; init; }

    internal const double GridSpacing = 1.0 / 3;

    private const double StartSize = 1e-4;
    private const double Jitter = 0.01;
    private const double SmallestLearningRate = 200;
    private const int TrustworthinessSample = 1_000;

    private readonly TSneOptions _options;

    /// <summary>Stores and checks the options.</summary>
    /// <param name="options">Perplexity, schedule, metric and seed.</param>
    /// <exception cref="ArgumentException">An option is out of range; all faults are named.</exception>
    public TSne(TSneOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _options = options;
    }

    /// <summary>Lays points out.</summary>
    /// <param name="values">[N, dimension] row-major; all finite. N must be at least three times the perplexity.</param>
    /// <param name="rowCount">N.</param>
    /// <param name="dimension">Values of one point, above 0.</param>
    /// <param name="progress">Receives the steps done, up to <see cref="TSneOptions.IterationCount"/>.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>The layout, [N, 2], and what it takes to place new points in it.</returns>
    /// <exception cref="ArgumentException">
    /// Sizes do not fit, a value is not finite, there are too few points, or all of them are equal; or the learning rate is so large that
    /// the layout diverged.
    /// </exception>
    public TSneResult Fit(
        float[] values, int rowCount, int dimension, IProgress<int>? progress = null, CancellationToken cancellationToken = default)
    {
        float[] points = Prepare(values, rowCount, dimension);
        var loops = new LayoutLoops(ThreadCount, cancellationToken);
        PointTiles tiles = PointTiles.Create(points, rowCount, dimension, DistanceMetric.Euclidean, cancellationToken);
        SparseRows joint = JointProbabilities(tiles, _options.Perplexity, loops);
        (float[] x, float[] y) = Start(points, rowCount, dimension, cancellationToken);
        IRepulsion repulsion = rowCount <= LargestExact ? new ExactRepulsion(rowCount, loops) : new GridRepulsion(GridSpacing, loops);
        double rate = _options.LearningRate ?? Math.Max(rowCount / _options.EarlyExaggeration, SmallestLearningRate);
        new LayoutDescent(joint, x, y, repulsion, loops).Run(_options, rate, progress);

        var layout = new float[rowCount * LayoutDimension]; // [N, 2]
        double meanX = TensorPrimitives.Sum<float>(x) / (double)rowCount, meanY = TensorPrimitives.Sum<float>(y) / (double)rowCount;
        for (int i = 0; i < rowCount; i++)
        {
            layout[2 * i] = x[i] = (float)(x[i] - meanX);
            layout[(2 * i) + 1] = y[i] = (float)(y[i] - meanY);
        }

        double divergence = Divergence(joint, x, y, loops);
        double trustworthiness = Trustworthiness.Score(
            points,
            layout,
            rowCount,
            dimension,
            LayoutDimension,
            Math.Min(Trustworthiness.DefaultNeighbourCount, (rowCount - 1) / 2),
            TrustworthinessSample,
            cancellationToken);
        return new TSneResult(tiles, layout, divergence, trustworthiness, _options);
    }

    /// <summary>A result as it was, of the values it was fitted on.</summary>
    internal TSneResult Restore(
        float[] values, int rowCount, int dimension, float[] layout, double divergence, double trustworthiness)
    {
        if (layout.Length != rowCount * LayoutDimension)
        {
            throw new InvalidDataException($"The layout has {layout.Length} numbers; expected {rowCount} x {LayoutDimension}.");
        }

        float[] points = Prepare(values, rowCount, dimension);
        PointTiles tiles = PointTiles.Create(points, rowCount, dimension, DistanceMetric.Euclidean, CancellationToken.None);
        return new TSneResult(tiles, layout, divergence, trustworthiness, _options);
    }

    /// <summary>
    /// KL(P || Q) of any layout of points, in nats, as <see cref="TSneResult.KullbackLeiblerLoss"/>: for comparing t-SNE implementations.
    /// </summary>
    /// <param name="values">[N, dimension] row-major; as for <see cref="Fit"/>.</param>
    /// <param name="layout">[N, 2] row-major.</param>
    /// <param name="rowCount">N.</param>
    /// <param name="dimension">Values of one point, above 0.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>The divergence at the options' perplexity and metric, 0 or more.</returns>
    /// <exception cref="ArgumentException">Sizes do not fit, a value is not finite, there are too few points, or all of them are
    /// equal.</exception>
    public double Divergence(float[] values, float[] layout, int rowCount, int dimension, CancellationToken cancellationToken = default)
    {
        Rows.Check(layout, rowCount, LayoutDimension);
        float[] points = Prepare(values, rowCount, dimension);
        var loops = new LayoutLoops(ThreadCount, cancellationToken);
        PointTiles tiles = PointTiles.Create(points, rowCount, dimension, DistanceMetric.Euclidean, cancellationToken);
        (float[] x, float[] y) = (new float[rowCount], new float[rowCount]);
        for (int i = 0; i < rowCount; i++)
        {
            (x[i], y[i]) = (layout[LayoutDimension * i], layout[(LayoutDimension * i) + 1]);
        }

        return Divergence(JointProbabilities(tiles, _options.Perplexity, loops), x, y, loops);
    }

    internal static SparseRows JointProbabilities(PointTiles points, double perplexity, LayoutLoops loops)
    {
        int count = Affinities.NeighbourCount(perplexity, points.Count - 1);
        Neighbours neighbours = Neighbours.Find(points, points, count, loops.CancellationToken);
        return Affinities.Joint(neighbours, Affinities.Conditional(neighbours, perplexity, loops));
    }

    private static double Divergence(SparseRows joint, float[] x, float[] y, LayoutLoops loops)
    {
        double z = new ExactRepulsion(x.Length, loops).Compute(x, y, new float[x.Length], new float[x.Length]);
        return Attraction.KullbackLeibler(joint, x, y, z, loops);
    }

    // A checked copy of a caller's points, scaled to length 1 for the cosine: results keep it.
    private float[] Prepare(float[] values, int rowCount, int dimension)
    {
        Rows.Check(values, rowCount, dimension);
        if (rowCount < 3 * _options.Perplexity)
        {
            double least = Math.Ceiling(3 * _options.Perplexity);
            throw UserError.Mark(new ArgumentException(
                $"'values' has {Counted.Of(rowCount, "row")}; "
                + FormattableString.Invariant($"must have at least {least}, three times the perplexity of {_options.Perplexity}."),
                nameof(values)));
        }

        float[] points = _options.Metric == DistanceMetric.Cosine ? Rows.ToUnitLength(values, dimension) : [.. values];
        if (Rows.AllEqual(points, dimension))
        {
            throw UserError.Mark(new ArgumentException(
                $"'values' has {rowCount} {(_options.Metric == DistanceMetric.Cosine ? "rows of one direction" : "equal rows")}; "
                + "there is nothing to lay out.",
                nameof(values)));
        }

        return points;
    }

    private (float[] X, float[] Y) Start(float[] points, int rowCount, int dimension, CancellationToken cancellationToken)
    {
        var random = new SeededRandom(_options.Seed);
        var x = new float[rowCount];
        var y = new float[rowCount];
        double noise = StartSize;
        if (_options.Initialisation == TSneInitialisation.Pca)
        {
            noise *= Jitter;
            int count = Math.Min(2, dimension);
            PrincipalComponents components = PrincipalComponents.Fit(points, rowCount, dimension, count, cancellationToken);
            double[] scores = components.Scores(points, rowCount); // [N, count]
            double scale = StartSize / Math.Sqrt(components.ExplainedVariance[0] * (rowCount - 1) / rowCount);
            for (int i = 0; i < rowCount; i++)
            {
                x[i] = (float)(scores[i * count] * scale);
                y[i] = count < 2 ? 0 : (float)(scores[(i * count) + 1] * scale);
            }
        }

        for (int i = 0; i < rowCount; i++)
        {
            x[i] += (float)(noise * random.NextGaussian());
            y[i] += (float)(noise * random.NextGaussian());
        }

        return (x, y);
    }
}
