using System.Numerics.Tensors;

namespace CrossModalVae.Projection;

/// <summary>
/// Input affinities of t-SNE: a Gaussian over each point's nearest neighbours, its width set by the perplexity (van der Maaten, Hinton
/// 2008, eq. 1).
/// </summary>
internal static class Affinities
{
    private const double EntropyTolerance = 1e-5; // scikit-learn's
    private const int MaxSteps = 100;
    private const int BlockSize = 64;

    /// <summary>
    /// The number of neighbours with an affinity: three times the perplexity plus one (van der Maaten 2014), or all available.
    /// </summary>
    public static int NeighbourCount(double perplexity, int available) => (int)Math.Min(available, Math.Floor((3 * perplexity) + 1));

    /// <summary>p(j|i) of every query i over its neighbours j, [Q, Count], each row's sum 1.</summary>
    public static float[] Conditional(Neighbours neighbours, double perplexity, LayoutLoops loops)
    {
        int count = neighbours.Count;
        var conditional = new float[neighbours.Distances.Length];
        loops.ForBlocks(conditional.Length / count, BlockSize, (_, first, end) =>
        {
            var row = new double[count];
            var squares = new double[count];
            for (int i = first; i < end; i++)
            {
                Squares(neighbours.Distances.AsSpan(i * count, count), squares);
                Row(squares, Math.Log(perplexity), row);
                for (int k = 0; k < count; k++)
                {
                    conditional[(i * count) + k] = (float)row[k];
                }
            }
        });
        return conditional;
    }

    /// <summary>P = (p(j|i) + p(i|j)) / 2N.</summary>
    public static SparseRows Joint(Neighbours neighbours, float[] conditional)
    {
        int count = neighbours.Count;
        int pointCount = conditional.Length / count;
        (int[] starts, int[] sources, float[] values) = Transpose(neighbours.Indices, conditional, count, pointCount);
        var rowStarts = new int[pointCount + 1];
        var columns = new List<int>(2 * conditional.Length);
        var joint = new List<float>(2 * conditional.Length);
        var own = new int[count];
        var ownValues = new float[count];
        double scale = 0.5 / pointCount;
        for (int i = 0; i < pointCount; i++)
        {
            neighbours.Indices.AsSpan(i * count, count).CopyTo(own);
            conditional.AsSpan(i * count, count).CopyTo(ownValues);
            Array.Sort(own, ownValues);
            int a = 0, b = starts[i];
            while (a < count || b < starts[i + 1])
            {
                int left = a < count ? own[a] : int.MaxValue;
                int right = b < starts[i + 1] ? sources[b] : int.MaxValue;
                int column = Math.Min(left, right);
                double value = 0;
                if (left == column)
                {
                    value += ownValues[a++];
                }

                if (right == column)
                {
                    value += values[b++];
                }

                columns.Add(column);
                joint.Add((float)(scale * value));
            }

            rowStarts[i + 1] = columns.Count;
        }

        return new SparseRows(rowStarts, [.. columns], [.. joint]);
    }

    // Squared distances in a unit of each point's own, a power of two near its farthest neighbour's distance: affinities do not depend on
    // the scale of the points, and no square overflows or vanishes.
    private static void Squares(ReadOnlySpan<double> distances, double[] squares)
    {
        double largest = TensorPrimitives.Max(distances);
        int exponent = largest > 0 ? -Math.ILogB(largest) : 0;
        for (int k = 0; k < distances.Length; k++)
        {
            double distance = Math.ScaleB(distances[k], exponent);
            squares[k] = distance * distance;
        }
    }

    // Bisection on the precision beta, from 1, doubled or halved until it is bracketed. Subtracting the smallest distance does not change p
    // and keeps its sum at 1 or more. With too many neighbours at the same smallest distance, the search ends at the narrowest Gaussian.
    private static void Row(ReadOnlySpan<double> squares, double logPerplexity, double[] p)
    {
        double beta = 1, low = double.NegativeInfinity, high = double.PositiveInfinity, smallest = TensorPrimitives.Min(squares);
        for (int step = 0; ; step++)
        {
            double sum = 0, weighted = 0;
            for (int k = 0; k < squares.Length; k++)
            {
                double distance = squares[k] - smallest;
                p[k] = Math.Exp(-distance * beta);
                sum += p[k];
                weighted += p[k] * distance;
            }

            double excess = Math.Log(sum) + (beta * weighted / sum) - logPerplexity; // of the entropy, in nats
            if (Math.Abs(excess) <= EntropyTolerance || step == MaxSteps)
            {
                TensorPrimitives.Divide(p, sum, p);
                return;
            }

            if (excess > 0)
            {
                low = beta;
                beta = double.IsPositiveInfinity(high) ? beta * 2 : (beta + high) / 2;
            }
            else
            {
                high = beta;
                beta = double.IsNegativeInfinity(low) ? beta / 2 : (beta + low) / 2;
            }
        }
    }

    private static (int[] Starts, int[] Sources, float[] Values) Transpose(int[] indices, float[] values, int count, int pointCount)
    {
        var starts = new int[pointCount + 1];
        foreach (int j in indices)
        {
            starts[j + 1]++;
        }

        for (int j = 0; j < pointCount; j++)
        {
            starts[j + 1] += starts[j];
        }

        var next = starts[..pointCount];
        var sources = new int[indices.Length];
        var moved = new float[indices.Length];
        for (int e = 0; e < indices.Length; e++)
        {
            int to = next[indices[e]]++;
            sources[to] = e / count;
            moved[to] = values[e];
        }

        return (starts, sources, moved);
    }
}

/// <summary>The nearest fitted points of each query: exact, nearest first, ties by row.</summary>
/// <param name="Indices">[queries, Count] row-major.</param>
/// <param name="Distances">[queries, Count] row-major.</param>
/// <param name="Count">Neighbours of one query.</param>
internal sealed record Neighbours(int[] Indices, double[] Distances, int Count)
{
    /// <summary>Finds them; where queries are the points themselves, no point is its own neighbour.</summary>
    public static Neighbours Find(PointTiles queries, PointTiles points, int count, CancellationToken cancellationToken)
    {
        NearestRows nearest = NearestRows.Find(queries, points, count, cancellationToken: cancellationToken);
        return new Neighbours(nearest.Rows, nearest.Distances, count);
    }
}

/// <summary>A sparse square matrix by rows, columns ascending.</summary>
/// <param name="Starts">[N + 1] where each row starts.</param>
/// <param name="Columns">[entries].</param>
/// <param name="Values">[entries].</param>
internal sealed record SparseRows(int[] Starts, int[] Columns, float[] Values)
{
    public int Count => Starts.Length - 1;
}
