namespace CrossModalVae.Clustering;

/// <summary>
/// Hierarchical density-based clustering, HDBSCAN* (Campello, Moulavi, Sander 2013; Campello et al. 2015; McInnes, Healy 2017): DBSCAN at
/// every eps at once, and of the tree of clusters those that last. No eps to choose; clusters may differ in density. Exact, on all cores;
/// O(n) memory beyond the data and max(16, minimum samples) neighbours a point; O(n^2) time at worst, far less where the points lie in
/// groups. Distances are compared in double precision, and what comes out depends neither on the number of threads nor, but for the
/// clusters' numbers, on the order of the points.
/// </summary>
/// <remarks>
/// As the reference implementation (hdbscan 0.8) has it, but for these. What merges at one distance merges at once, as Campello et al.
/// define it; the reference merges two by two, in an order that its algorithms choose differently, so that a point whose core distance is
/// the very distance at which two clusters meet is noise here and in one of the two there. Clusters are numbered by their first point.
/// Outlier scores are never NaN: 1 beside points without distance. Rows fewer than two are noise. New rows join a single cluster of
/// everything by the same density as fitted ones, and their outlier scores lie in 0 to 1.
/// </remarks>
public sealed class Hdbscan
{
    private const int FewestNeighbours = 16; // enough that nearly all components find their way out among them
    private const double NeighbourShare = 0.4; // of the time, for progress

    private readonly HdbscanOptions _options;

    /// <summary>Stores and checks the options.</summary>
    /// <param name="options">Minimum cluster size and samples, metric, and how clusters are chosen.</param>
    /// <exception cref="ArgumentException">An option is out of range; all faults are named.</exception>
    public Hdbscan(HdbscanOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _options = options;
    }

    /// <summary>Clusters points.</summary>
    /// <param name="values">[N, dimension] row-major; all finite; kept by the result.</param>
    /// <param name="rowCount">N.</param>
    /// <param name="dimension">Values of one point, above 0.</param>
    /// <param name="progress">Receives the share done, 0 to 1, from several threads; null for nobody.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    /// <exception cref="ArgumentException">Sizes do not fit, or a value is not finite.</exception>
    public HdbscanResult Fit(
        float[] values, int rowCount, int dimension, IProgress<double>? progress = null, CancellationToken cancellationToken = default)
    {
        Rows.Check(values, rowCount, dimension);
        int minSamples = _options.MinSamples ?? _options.MinClusterSize;
        if (rowCount < 2)
        {
            progress?.Report(1);
            return Result(null, dimension, new ClusterTree(rowCount, null, _options.MinClusterSize), [], minSamples);
        }

        PointTiles points = PointTiles.Create(values, rowCount, dimension, _options.Metric, cancellationToken);
        int neighbours = Math.Min(rowCount - 1, Math.Max(minSamples, FewestNeighbours));
        NearestRows nearest = NearestRows.Find(points, points, neighbours, Part(progress, 0, NeighbourShare), cancellationToken);
        double[] core = Core(nearest, rowCount, Math.Min(minSamples, neighbours));
        List<SpanningEdge> edges = SpanningTree.Find(
            points, nearest, core, progress: Part(progress, NeighbourShare, 1), cancellationToken: cancellationToken);
        var tree = new ClusterTree(rowCount, new MergeTree(rowCount, edges), _options.MinClusterSize);
        return Result(points, dimension, tree, Core(nearest, rowCount, Math.Min(minSamples - 1, neighbours)), minSamples);
    }

    private HdbscanResult Result(PointTiles? points, int dimension, ClusterTree tree, double[] core, int minSamples)
    {
        var choice = new ClusterChoice(tree, _options);
        return new HdbscanResult(tree, choice, new HdbscanModel(points, dimension, tree, choice, core, minSamples));
    }

    private static double[] Core(NearestRows nearest, int rowCount, int neighbour) =>
        [.. Enumerable.Range(0, rowCount).Select(row => neighbour == 0 ? 0 : nearest.Distances[(row * nearest.K) + neighbour - 1])];

    private static Share? Part(IProgress<double>? progress, double from, double to) =>
        progress is null ? null : new Share(progress, from, to);

    private sealed class Share(IProgress<double> whole, double from, double to) : IProgress<double>
    {
        public void Report(double value) => whole.Report(from + ((to - from) * value));
    }
}
