namespace CrossModalVae.Clustering;

/// <summary>The k-distance curve, from which eps is chosen where the caller gives none (Ester et al. 1996, section 4.2).</summary>
public static class KDistance
{
    private const double SmallestEps = 1e-6;

    /// <summary>The distance of every point to its k-th nearest point, itself counted as the first, in ascending order.</summary>
    /// <param name="values">[N, dimension] row-major.</param>
    /// <param name="rowCount">N.</param>
    /// <param name="dimension">Values of one point.</param>
    /// <param name="k">Which neighbour, at least 1; the number of points where there are fewer.</param>
    /// <param name="metric">The distance.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public static double[] Curve(
        float[] values, int rowCount, int dimension, int k, DistanceMetric metric, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        Rows.Check(values, rowCount, dimension);
        return Curve(PointTiles.Create(values, rowCount, dimension, metric, cancellationToken), k, cancellationToken);
    }

    /// <summary>
    /// The knee of an ascending curve: the value farthest below the straight line from its first to its last point, both axes scaled to 1
    /// (Satopaa et al. 2011). Where the curve is flat it is the curve's value; never below 1e-6, so that equal points stay together in
    /// single precision.
    /// </summary>
    /// <param name="curve">Ascending values, at least one.</param>
    public static double Knee(IReadOnlyList<double> curve)
    {
        ArgumentNullException.ThrowIfNull(curve);
        ArgumentOutOfRangeException.ThrowIfLessThan(curve.Count, 1, nameof(curve));
        double low = curve[0];
        double span = curve[^1] - low;
        int knee = curve.Count - 1;
        double farthest = 0;
        for (int i = 0; i < curve.Count && span > 0; i++)
        {
            double below = ((double)i / (curve.Count - 1)) - ((curve[i] - low) / span);
            if (below > farthest)
            {
                farthest = below;
                knee = i;
            }
        }

        return Math.Max(curve[knee], SmallestEps);
    }

    internal static double[] Curve(PointTiles points, int k, CancellationToken cancellationToken)
    {
        int others = Math.Min(k, points.Count) - 1; // the point itself is the first, at distance 0
        if (others < 1)
        {
            return new double[points.Count];
        }

        NearestRows nearest = NearestRows.Find(points, points, others, cancellationToken: cancellationToken);
        return [.. Enumerable.Range(1, points.Count).Select(i => nearest.Distances[(i * others) - 1]).Order()];
    }
}
