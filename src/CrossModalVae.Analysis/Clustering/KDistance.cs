namespace CrossModalVae.Clustering;

/// <summary>The k-distance curve, from which eps is chosen where the caller gives none (Ester et al. 1996, section 4.2).</summary>
public static class KDistance
{
    private const double SmallestShare = 1e-6;

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
    /// (Satopaa et al. 2011). Where the curve is flat it is the curve's value. Every curve that is not straight has one;
    /// <see cref="KDistanceKnee.IsSharp"/> says whether it stands out.
    /// </summary>
    /// <param name="curve">Ascending values, at least one.</param>
    public static KDistanceKnee FindKnee(IReadOnlyList<double> curve)
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

        int reach = Math.Max(1, (int)Math.Round(KDistanceKnee.Reach * curve.Count));
        double before = curve[Math.Max(0, knee - reach)], after = curve[Math.Min(curve.Count - 1, knee + reach)];
        double rise = after == before ? 1 : Math.Min(KDistanceKnee.LargestRise, after / before);
        double eps = Math.Max(curve[knee], SmallestShare * curve[^1]);
        return new KDistanceKnee(eps > 0 ? eps : SmallestShare, rise);
    }

    /// <summary>The distance at the knee: <see cref="KDistanceKnee.Eps"/> of <see cref="FindKnee(IReadOnlyList{double})"/>.</summary>
    /// <param name="curve">Ascending values, at least one.</param>
    public static double Knee(IReadOnlyList<double> curve) => FindKnee(curve).Eps;

    /// <summary>The knee of the curve of points, never below a millionth of their extent: equal points stay together as rounded.</summary>
    internal static KDistanceKnee FindKnee(PointTiles points, int k, CancellationToken cancellationToken)
    {
        KDistanceKnee knee = FindKnee(Curve(points, k, cancellationToken));
        return knee with { Eps = Math.Max(knee.Eps, SmallestShare / points.Scale) };
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

/// <summary>The knee of a k-distance curve.</summary>
/// <param name="Eps">The distance there, above 0.</param>
/// <param name="Rise">
/// By which factor the curve rises around it, from 3 % of the points before to 3 % after; 1 to 1,000. About 1.1 where all points are of one
/// density, in 8 dimensions or more, whatever their distribution; 4 and more where clusters lie among sparse points.
/// </param>
public readonly record struct KDistanceKnee(double Eps, double Rise)
{
    /// <summary>The share of the points, on each side of the knee, over which the rise is measured.</summary>
    internal const double Reach = 0.03;

    internal const double LargestRise = 1000; // above that, or from equal points on, one factor is like another

    private const double LeastRise = 1.5;

    /// <summary>Whether the curve rises by half or more around it. Else no distance separates dense from sparse points, and eps is only
    /// the place where a smooth curve bends most.</summary>
    public bool IsSharp => Rise >= LeastRise;
}
