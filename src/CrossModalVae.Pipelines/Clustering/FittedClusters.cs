using CrossModalVae.Clustering;

namespace CrossModalVae.Pipelines;

/// <summary>
/// The clusters of fitted points, and the cluster of any other point: that of the nearest core point within eps, else noise.
/// </summary>
internal sealed class FittedClusters(FittedRows rows, DbscanResult result, DistanceMetric metric)
{
    private readonly ClusterMembers? _cores = ClusterMembers.Of(rows, result.Labels, row => result.IsCore[row], metric);

    public FittedRows Rows => rows;

    public int Dimension => rows.Dimension;

    public DbscanResult Result => result;

    /// <summary>The label of a point.</summary>
    public int Label(ReadOnlySpan<float> point)
    {
        if (JointPosterior.IsMissing(point))
        {
            return DbscanResult.Noise;
        }

        // A border point between clusters keeps its fitted label, even where another cluster's core is nearer; equal points have equal
        // neighbours, hence equal labels.
        if (rows.Find(point) is int row)
        {
            return result.Labels[row];
        }

        if (_cores is null)
        {
            return DbscanResult.Noise;
        }

        (int label, double distance) = _cores.Nearest(point);
        return distance <= result.Eps ? label : DbscanResult.Noise;
    }

    /// <summary>The distance of a point to each cluster's nearest core point; NaN for noise.</summary>
    public void Score(ReadOnlySpan<float> point, int label, Span<float> scores) => ClusterColumns.Score(_cores, point, label, scores);
}
