namespace CrossModalVae.Clustering;

/// <summary>
/// Hierarchical density-based clustering, HDBSCAN* (Campello, Moulavi, Sander 2013; Campello et al. 2015; McInnes, Healy 2017): DBSCAN at
/// every eps, then the most persistent clusters of the resulting tree. There is no eps to choose, and clusters may differ in density.
/// Exact, on all cores; O(n) memory beyond the data and max(16, minimum samples) neighbours a point; O(n^2) time at worst, far less for
/// clustered points. Distances are compared in double precision; the result does not depend on the number of threads nor, except for the
/// clusters' numbers, on the order of the points.
/// </summary>
/// <remarks>
/// Differences from the reference implementation (hdbscan 0.8): all merges at one distance happen together, as Campello et al. define it;
/// the reference merges pairwise in an order that depends on its algorithm, so a point whose core distance equals the distance at which two
/// clusters merge is noise here and in one of the two there. Clusters are numbered by their first point. Outlier scores are never NaN: 1
/// next to coinciding points. A single row is noise. New rows join a single cluster of all points at the same density as fitted ones, and
/// their outlier scores lie in 0 to 1.
/// </remarks>
public sealed class Hdbscan
{
    private const int FewestNeighbours = 16; // enough that nearly all components find their shortest outgoing edge among them
    private const double NeighbourShare = 0.4; // of the time, for the progress

    private readonly HdbscanOptions _options;

    /// <summary>Stores and checks the options.</summary>
    /// <param name="options">Minimum cluster size and samples, metric, and cluster selection.</param>
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
    /// <param name="progress">Receives the share done, 0 to 1, from several threads; or null.</param>
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
        NearestRows nearest = NearestRows.Find(
            points, points, neighbours, progress is null ? null : done => progress.Report(NeighbourShare * done), cancellationToken);
        double[] core = Core(nearest, rowCount, Math.Min(minSamples, neighbours));
        List<SpanningEdge> edges = SpanningTree.Find(
            points,
            nearest,
            core,
            report: progress is null ? null : done => progress.Report(NeighbourShare + ((1 - NeighbourShare) * done)),
            cancellationToken: cancellationToken);
        var tree = new ClusterTree(rowCount, new MergeTree(rowCount, edges), _options.MinClusterSize);
        return Result(points, dimension, tree, Core(nearest, rowCount, Math.Min(minSamples - 1, neighbours)), minSamples);
    }

    private HdbscanResult Result(PointTiles? points, int dimension, ClusterTree tree, double[] core, int minSamples) =>
        new(points, dimension, tree, new ClusterChoice(tree, _options), core, minSamples);

    private static double[] Core(NearestRows nearest, int rowCount, int neighbour) =>
        [.. Enumerable.Range(0, rowCount).Select(row => neighbour == 0 ? 0 : nearest.Distances[(row * nearest.K) + neighbour - 1])];
}
