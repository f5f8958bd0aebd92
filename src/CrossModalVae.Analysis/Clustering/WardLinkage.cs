namespace CrossModalVae.Clustering;

/// <summary>
/// Agglomerative clustering by Ward's criterion (Ward 1963), which merges the two clusters whose union adds least to the sum of squared
/// distances to the clusters' means, down to a number of clusters that is known beforehand. Found by chains of nearest neighbours (Murtagh
/// 1983), with the update of Lance and Williams 1967; exact; O(n^2) time and memory.
/// </summary>
internal static class WardLinkage
{
    /// <summary>The cluster of each point, numbered by their first points.</summary>
    /// <param name="values">[N, dimension] row-major; all finite.</param>
    /// <param name="rowCount">N, at least 1.</param>
    /// <param name="dimension">Values of one point, above 0.</param>
    /// <param name="metric">Cosine brings rows to length 1 first.</param>
    /// <param name="clusterCount">1 to N.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public static int[] Cut(
        float[] values, int rowCount, int dimension, DistanceMetric metric, int clusterCount, CancellationToken cancellationToken = default)
    {
        Rows.Check(values, rowCount, dimension);
        ArgumentOutOfRangeException.ThrowIfLessThan(clusterCount, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(clusterCount, rowCount);
        double[][] squares = SquaredDistances(
            metric == DistanceMetric.Cosine ? Rows.ToUnitLength(values, dimension) : values, rowCount, dimension, cancellationToken);
        List<(int One, int Other, double Height)> merges = Merges(squares, cancellationToken);

        // Chains find merges out of order; a merge is never lower than those it is made of, so a stable sort keeps parts before the whole.
        var sets = new DisjointSets(rowCount);
        foreach ((int one, int other, _) in merges.OrderBy(merge => merge.Height).Take(rowCount - clusterCount))
        {
            sets.Union(one, other);
        }

        var numbers = new Dictionary<int, int>();
        return [.. Enumerable.Range(0, rowCount).Select(row => Number(sets.Find(row)))];

        int Number(int root) => numbers.TryAdd(root, numbers.Count) ? numbers.Count - 1 : numbers[root];
    }

    private static List<(int One, int Other, double Height)> Merges(double[][] squares, CancellationToken cancellationToken)
    {
        int count = squares.Length;
        int[] sizes = [.. Enumerable.Repeat(1, count)]; // 0 once a cluster is part of another
        var merges = new List<(int, int, double)>(count);
        var chain = new List<int>();
        while (merges.Count < count - 1)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (chain.Count == 0)
            {
                chain.Add(0); // always there: a union takes the place of the one that comes first in the chain
            }

            int last = chain[^1], before = chain.Count > 1 ? chain[^2] : -1;
            int nearest = Nearest(squares, sizes, last, before);
            if (nearest != before)
            {
                chain.Add(nearest);
                continue;
            }

            chain.RemoveRange(chain.Count - 2, 2);
            merges.Add((last, nearest, Between(squares, last, nearest)));
            Merge(squares, sizes, last, nearest);
        }

        return merges;
    }

    // Equal ones: the one before in the chain, so that chains end; else the first.
    private static int Nearest(double[][] squares, int[] sizes, int from, int before)
    {
        int nearest = before;
        double least = before < 0 ? double.PositiveInfinity : Between(squares, from, before);
        for (int other = 0; other < sizes.Length; other++)
        {
            if (sizes[other] > 0 && other != from && (nearest < 0 || Between(squares, from, other) < least))
            {
                (nearest, least) = (other, Between(squares, from, other));
            }
        }

        return nearest;
    }

    // The union takes the place of the second.
    private static void Merge(double[][] squares, int[] sizes, int gone, int kept)
    {
        double between = Between(squares, gone, kept);
        for (int other = 0; other < sizes.Length; other++)
        {
            if (sizes[other] > 0 && other != gone && other != kept)
            {
                double weighted = ((sizes[gone] + sizes[other]) * Between(squares, gone, other))
                    + ((sizes[kept] + sizes[other]) * Between(squares, kept, other)) - (sizes[other] * between);
                squares[Math.Max(kept, other)][Math.Min(kept, other)] = weighted / (sizes[gone] + sizes[kept] + sizes[other]);
            }
        }

        (sizes[kept], sizes[gone]) = (sizes[kept] + sizes[gone], 0);
    }

    private static double Between(double[][] squares, int one, int other) => squares[Math.Max(one, other)][Math.Min(one, other)];

    // [N][row]: the lower triangle.
    private static double[][] SquaredDistances(float[] values, int rowCount, int dimension, CancellationToken cancellationToken)
    {
        var squares = new double[rowCount][];
        ParallelLoop.For(
            rowCount,
            row =>
            {
                squares[row] = new double[row];
                for (int other = 0; other < row; other++)
                {
                    double sum = 0;
                    for (int d = 0; d < dimension; d++)
                    {
                        double difference = (double)values[(row * dimension) + d] - values[(other * dimension) + d];
                        sum += difference * difference;
                    }

                    squares[row][other] = sum;
                }
            },
            cancellationToken: cancellationToken);
        return squares;
    }
}
