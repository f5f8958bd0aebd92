using System.Numerics.Tensors;

namespace CrossModalVae.Metrics;

/// <summary>
/// How much nearer points are to their own cluster than to the next one, -1 to 1 (Rousseeuw 1987), by scikit-learn's definition.
/// </summary>
public static class Silhouette
{
    private const int BlockRows = 64;

    /// <summary>
    /// The mean over points of (b - a) / max(a, b): a the mean distance to the other points of the own cluster, b that to the points of the
    /// nearest other cluster; 0 for a point alone in its cluster. A sample of points is scored, each against all points (scikit-learn's
    /// sample replaces the points, so clusters get sparse). O(sample x N x dimension) time, all cores; O(sample x dimension) memory.
    /// </summary>
    /// <param name="values">[N, dimension] row-major; all finite.</param>
    /// <param name="rowCount">N.</param>
    /// <param name="dimension">Values of one point, above 0.</param>
    /// <param name="labels">The cluster of each point; values mean nothing but equality.</param>
    /// <param name="metric">The distance; a row of zeros has cosine distance 1 to every other row.</param>
    /// <param name="sampleSize">Points scored, at least 1; with N or more the score is exact.</param>
    /// <param name="seed">Draws the sample.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>The score; null where it is not defined: fewer than two clusters, or as many as points.</returns>
    /// <exception cref="ArgumentException">Sizes do not fit, or a value is not finite.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static double? Score(
        float[] values,
        int rowCount,
        int dimension,
        IReadOnlyList<int> labels,
        DistanceMetric metric,
        int sampleSize,
        long seed,
        CancellationToken cancellationToken = default)
    {
        Rows.Check(values, rowCount, dimension);
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentOutOfRangeException.ThrowIfLessThan(sampleSize, 1);
        if (labels.Count != rowCount)
        {
            throw new ArgumentException($"'labels' has {labels.Count} labels; must have {rowCount}, one a row.", nameof(labels));
        }

        var numbers = new Dictionary<int, int>();
        int[] clusters = [.. labels.Select(label => numbers.TryAdd(label, numbers.Count) ? numbers.Count - 1 : numbers[label])];
        if (numbers.Count < 2 || numbers.Count == rowCount)
        {
            return null;
        }

        var sizes = new int[numbers.Count];
        Array.ForEach(clusters, cluster => sizes[cluster]++);
        int[] sample = new SeededRandom(seed).Sample(rowCount, sampleSize);
        var scores = new double[sample.Length];
        ParallelLoop.ForBlocks(
            sample.Length,
            BlockRows,
            (_, first, end) =>
            {
                ReadOnlySpan<int> sampled = sample.AsSpan(first..end);
                double[][] sums = Sums(values, dimension, sampled, clusters, sizes.Length, metric);
                for (int i = 0; i < sampled.Length; i++)
                {
                    scores[first + i] = ScoreOf(clusters[sampled[i]], sums[i], sizes);
                }
            },
            cancellationToken: cancellationToken);
        return scores.Average();
    }

    private static double ScoreOf(int own, double[] sums, int[] sizes)
    {
        if (sizes[own] == 1)
        {
            return 0;
        }

        double within = sums[own] / (sizes[own] - 1), next = double.PositiveInfinity;
        for (int cluster = 0; cluster < sizes.Length; cluster++)
        {
            next = cluster == own ? next : Math.Min(next, sums[cluster] / sizes[cluster]);
        }

        double larger = Math.Max(within, next);
        return larger > 0 ? (next - within) / larger : 0;
    }

    // [sampled, clusters]: each row's summed distance to the points of each cluster.
    private static double[][] Sums(
        float[] values, int dimension, ReadOnlySpan<int> sampled, int[] clusters, int clusterCount, DistanceMetric metric)
    {
        var sums = new double[sampled.Length][];
        var rows = new double[sampled.Length][];
        for (int i = 0; i < sampled.Length; i++)
        {
            sums[i] = new double[clusterCount];
            rows[i] = new double[dimension];
            Prepare(values, sampled[i], metric, rows[i]);
        }

        var other = new double[dimension];
        for (int j = 0; j < clusters.Length; j++)
        {
            Prepare(values, j, metric, other);
            for (int i = 0; i < sampled.Length; i++)
            {
                if (sampled[i] != j)
                {
                    sums[i][clusters[j]] += metric == DistanceMetric.Cosine
                        ? Math.Max(0, 1 - TensorPrimitives.Dot<double>(rows[i], other))
                        : TensorPrimitives.Distance<double>(rows[i], other);
                }
            }
        }

        return sums;
    }

    // In double precision; for the cosine of unit length.
    private static void Prepare(float[] values, int row, DistanceMetric metric, double[] to)
    {
        TensorPrimitives.ConvertChecked<float, double>(values.AsSpan(row * to.Length, to.Length), to);
        double norm = metric == DistanceMetric.Cosine ? TensorPrimitives.Norm<double>(to) : 1;
        if (norm > 0)
        {
            TensorPrimitives.Divide(to, norm, to);
        }
    }
}
