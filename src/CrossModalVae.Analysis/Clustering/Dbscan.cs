namespace CrossModalVae.Clustering;

/// <summary>
/// Density-based clustering (Ester, Kriegel, Sander, Xu 1996). Core points, clusters, cluster numbers and noise are those of scikit-learn;
/// a border point of several clusters belongs to the one with the lowest number, as there. Distances are computed when needed, on all
/// cores, and never stored: O(n) memory beyond the data; O(n^2) time at worst, far less for clustered points. Whether two points are within
/// eps is decided in double precision.
/// </summary>
public sealed class Dbscan
{
    private readonly DbscanOptions _options;

    /// <summary>Stores and checks the options.</summary>
    /// <param name="options">Eps, minimum samples and metric.</param>
    /// <exception cref="ArgumentException">An option is out of range; all faults are named.</exception>
    public Dbscan(DbscanOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _options = options;
    }

    /// <summary>Clusters points.</summary>
    /// <param name="values">[N, dimension] row-major; all finite.</param>
    /// <param name="rowCount">N.</param>
    /// <param name="dimension">Values of one point, above 0.</param>
    /// <param name="progress">Receives the share done, 0 to 1, from several threads; or null.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    /// <exception cref="ArgumentException">Sizes do not fit, or a value is not finite.</exception>
    public DbscanResult Fit(
        float[] values, int rowCount, int dimension, IProgress<double>? progress = null, CancellationToken cancellationToken = default)
    {
        Rows.Check(values, rowCount, dimension);
        if (rowCount == 0)
        {
            return new DbscanResult([], [], _options.Eps ?? 0, null);
        }

        PointTiles points = PointTiles.Create(values, rowCount, dimension, _options.Metric, cancellationToken);
        KDistanceKnee? knee = _options.Eps is null ? KDistance.FindKnee(points, _options.MinSamples, cancellationToken) : null;
        double eps = _options.Eps ?? knee!.Value.Eps;
        (bool[] isCore, int[] labels) = new DensityPasses(eps, _options.MinSamples, progress, cancellationToken).Run(points);
        return new DbscanResult(labels, isCore, eps, knee);
    }
}
