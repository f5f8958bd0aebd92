namespace CrossModalVae.Clustering;

/// <summary>
/// Density-based clustering (Ester, Kriegel, Sander, Xu 1996). Core points, clusters, cluster numbers and noise are those of scikit-learn; a
/// border point near several clusters belongs to the one with the lowest number, as there. O(n^2) time on all cores, O(n) memory beyond the
/// data: distances are computed when needed, never stored.
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
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="ArgumentException">Sizes do not fit, or a value is not finite.</exception>
    public DbscanResult Fit(float[] values, int rowCount, int dimension, CancellationToken cancellationToken = default)
    {
        PointSet points = Check(values, rowCount, dimension, _options.Metric);
        if (rowCount == 0)
        {
            return new DbscanResult([], [], _options.Eps ?? 0);
        }

        double eps = _options.Eps ?? KDistance.Knee(KDistance.Curve(points, _options.MinSamples, cancellationToken));
        bool[] isCore = FindCorePoints(points, eps, cancellationToken);
        return new DbscanResult(Expand(points, isCore, eps, cancellationToken), isCore, eps);
    }

    internal static PointSet Check(float[] values, int rowCount, int dimension, DistanceMetric metric)
    {
        ArgumentNullException.ThrowIfNull(values);
        ArgumentOutOfRangeException.ThrowIfNegative(rowCount);
        ArgumentOutOfRangeException.ThrowIfLessThan(dimension, 1);
        if (values.Length != (long)rowCount * dimension)
        {
            throw new ArgumentException(
                $"'values' has {values.Length} numbers; must have {rowCount} rows x {dimension} = {(long)rowCount * dimension}.", nameof(values));
        }

        for (int i = 0; i < values.Length; i++)
        {
            if (!float.IsFinite(values[i]))
            {
                throw new ArgumentException($"'values' has {values[i]} in row {i / dimension}, column {i % dimension}; must be finite.", nameof(values));
            }
        }

        return new PointSet(values, rowCount, dimension, metric);
    }

    private bool[] FindCorePoints(PointSet points, double eps, CancellationToken cancellationToken)
    {
        var isCore = new bool[points.Count];
        Parallel.For(0, points.Count, new ParallelOptions { CancellationToken = cancellationToken }, i =>
        {
            int neighbours = 0;
            for (int j = 0; j < points.Count && neighbours < _options.MinSamples; j++)
            {
                neighbours += i == j || points.Distance(points[i], j) <= eps ? 1 : 0;
            }

            isCore[i] = neighbours >= _options.MinSamples;
        });
        return isCore;
    }

    // Clusters grow one after another from their first core point, each to its end, so the first to reach a border point keeps it.
    private static int[] Expand(PointSet points, bool[] isCore, double eps, CancellationToken cancellationToken)
    {
        var labels = new int[points.Count];
        Array.Fill(labels, DbscanResult.Noise);
        var unlabelled = new List<int>(Enumerable.Range(0, points.Count));
        var frontier = new Stack<int>();
        int clusterCount = 0;
        for (int seed = 0; seed < points.Count; seed++)
        {
            if (labels[seed] != DbscanResult.Noise || !isCore[seed])
            {
                continue;
            }

            labels[seed] = clusterCount;
            frontier.Push(seed);
            while (frontier.TryPop(out int core))
            {
                cancellationToken.ThrowIfCancellationRequested();
                unlabelled.RemoveAll(j => labels[j] != DbscanResult.Noise);
                foreach (int j in unlabelled)
                {
                    if (points.Distance(points[core], j) <= eps)
                    {
                        labels[j] = clusterCount;
                        if (isCore[j])
                        {
                            frontier.Push(j);
                        }
                    }
                }
            }

            clusterCount++;
        }

        return labels;
    }
}
