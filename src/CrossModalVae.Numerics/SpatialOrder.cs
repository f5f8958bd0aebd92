using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace CrossModalVae.Numerics;

/// <summary>
/// An order of points in which every run of 32 that starts at a multiple of 32 lies close together: by the nearest of some of the points
/// first, because halves would tear groups of many dimensions apart, then halves again and again, each time across the line between two far
/// points (the ball tree's split, Omohundro 1989). Depends on the points only.
/// </summary>
internal static class SpatialOrder
{
    private const int Leaf = DotBlock.Lanes;
    private const int SmallestTask = 2048;
    private const int PivotSeed = 1;

    /// <summary>Computes it.</summary>
    /// <param name="points">[N, D] row-major.</param>
    /// <param name="count">N.</param>
    /// <param name="dimension">D.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>[N], position to row.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int[] Compute(float[] points, int count, int dimension, CancellationToken cancellationToken)
    {
        var order = new int[count];
        for (int i = 0; i < count; i++)
        {
            order[i] = i;
        }

        var keys = new float[count];
        if (count < SmallestTask)
        {
            new Splitter(points, dimension, order, keys, cancellationToken).Split(0, count);
            return order;
        }

        // Cells of the nearest pivot, themselves in a spatial order: some 2 sqrt(n) rows from all over, drawn, because
        // rows often follow each other in a pattern.
        int width = (2 * (int)Math.Sqrt(count) / Leaf * Leaf) + Leaf, stretch = count / width;
        var random = new SeededRandom(PivotSeed);
        int[] pivots = [.. Enumerable.Range(0, width).Select(i => (i * stretch) + random.NextInt32(stretch))];
        new Splitter(points, dimension, pivots, new float[width], cancellationToken).Split(0, width);
        var cells = new int[count];
        var panels = new PivotPanels(points, dimension, pivots);
        ParallelLoop.For(
            ParallelLoop.BlockCount(count, DotBlock.Rows),
            panels.Scratch,
            (block, scratch) => panels.Nearest(block * DotBlock.Rows, scratch, cells),
            cancellationToken: cancellationToken);
        var starts = new int[width + 1];
        foreach (int cell in cells)
        {
            starts[cell + 1]++;
        }

        for (int cell = 0; cell < width; cell++)
        {
            starts[cell + 1] += starts[cell];
        }

        int[] next = [.. starts];
        for (int i = 0; i < count; i++)
        {
            order[next[cells[i]]++] = i;
        }

        var splitter = new Splitter(points, dimension, order, keys, cancellationToken);
        ParallelLoop.For(width, cell => splitter.Split(starts[cell], starts[cell + 1]), cancellationToken: cancellationToken);
        return order;
    }

    private sealed class Splitter(float[] points, int dimension, int[] order, float[] keys, CancellationToken cancellationToken)
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Split(int start, int end)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int count = end - start, middle = (start + (count / 2) + Leaf - 1) / Leaf * Leaf;
            if (count <= Leaf || middle >= end)
            {
                return;
            }

            int one = Farthest(order[start], start, end);
            int other = Farthest(one, start, end);
            var axis = new float[dimension];
            ReadOnlySpan<float> from = Point(one), to = Point(other);
            for (int d = 0; d < axis.Length; d++)
            {
                axis[d] = to[d] - from[d];
            }

            for (int i = start; i < end; i++)
            {
                keys[i] = Dot(Point(order[i]), axis);
            }

            Array.Sort(keys, order, start, count);
            if (count >= SmallestTask)
            {
                ParallelLoop.For(2, half => Split(half == 0 ? start : middle, half == 0 ? middle : end));
            }
            else
            {
                Split(start, middle);
                Split(middle, end);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private int Farthest(int from, int start, int end)
        {
            float largest = -1;
            int farthest = from;
            ReadOnlySpan<float> origin = Point(from);
            for (int i = start; i < end; i++)
            {
                float distance = SquaredDistance(origin, Point(order[i]));
                if (distance > largest)
                {
                    largest = distance;
                    farthest = order[i];
                }
            }

            return farthest;
        }

        // Of their own, because the runtime would first compile a library's generic ones in haste, and this runs once in a process, mostly.
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private static float Dot(ReadOnlySpan<float> x, ReadOnlySpan<float> y)
        {
            Vector256<float> sums = default;
            int d = 0;
            for (; d + Vector256<float>.Count <= x.Length; d += Vector256<float>.Count)
            {
                sums = Vector256.FusedMultiplyAdd(Vector256.Create(x[d..]), Vector256.Create(y[d..]), sums);
            }

            float sum = Vector256.Sum(sums);
            for (; d < x.Length; d++)
            {
                sum += x[d] * y[d];
            }

            return sum;
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private static float SquaredDistance(ReadOnlySpan<float> x, ReadOnlySpan<float> y)
        {
            Vector256<float> sums = default;
            int d = 0;
            for (; d + Vector256<float>.Count <= x.Length; d += Vector256<float>.Count)
            {
                Vector256<float> difference = Vector256.Create(x[d..]) - Vector256.Create(y[d..]);
                sums = Vector256.FusedMultiplyAdd(difference, difference, sums);
            }

            float sum = Vector256.Sum(sums);
            for (; d < x.Length; d++)
            {
                sum += (x[d] - y[d]) * (x[d] - y[d]);
            }

            return sum;
        }

        private ReadOnlySpan<float> Point(int row) => points.AsSpan(row * dimension, dimension);
    }
}
