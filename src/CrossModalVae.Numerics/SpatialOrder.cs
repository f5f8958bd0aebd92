using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace CrossModalVae.Numerics;

/// <summary>
/// An order of points in which every run of 32 that starts at a multiple of 32 lies close together. Points are grouped by the nearest of
/// some pivots first, since halves would split clusters in many dimensions, then halved recursively along the line between two distant
/// points (the ball tree's split, Omohundro 1989). Depends on the points only.
/// </summary>
internal static class SpatialOrder
{
    private const int Leaf = DotBlock.Lanes;
    private const int SmallestTask = 2048;
    private const int PivotSeed = 1;

    /// <summary>The order of points [N, D]: [N], position to row.</summary>
    public static int[] Compute(float[] points, int count, int dimension, CancellationToken cancellationToken)
    {
        int[] order = [.. Enumerable.Range(0, count)];
        var keys = new float[count];
        if (count < SmallestTask)
        {
            new Splitter(points, dimension, order, keys, cancellationToken).Split(0, count);
            return order;
        }

        // Cells of the nearest pivot, themselves in a spatial order. The pivots are some 2 sqrt(n) rows drawn at random, since the order
        // of rows often has a pattern.
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

        // Not TensorPrimitives: its generic code starts in tier 0, and this mostly runs once in a process.
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

    /// <summary>Finds the nearest pivot of each point in single precision; a point halfway between two may go to either.</summary>
    private sealed class PivotPanels
    {
        private readonly float[] _points;
        private readonly int _dimension;
        private readonly float[] _panels; // [pivots / 32, D, 32]
        private readonly float[] _halves; // [pivots], half the squared lengths

        /// <param name="points">[N, D] row-major.</param>
        /// <param name="dimension">D.</param>
        /// <param name="pivots">Rows, a multiple of 32 of them.</param>
        public PivotPanels(float[] points, int dimension, int[] pivots)
        {
            (_points, _dimension) = (points, dimension);
            _panels = new float[pivots.Length * dimension];
            _halves = new float[pivots.Length];
            for (int i = 0; i < pivots.Length; i++)
            {
                int panel = i / DotBlock.Lanes * DotBlock.Lanes * dimension;
                ReadOnlySpan<float> pivot = points.AsSpan(pivots[i] * dimension, dimension);
                for (int d = 0; d < dimension; d++)
                {
                    _panels[panel + (d * DotBlock.Lanes) + (i % DotBlock.Lanes)] = pivot[d];
                    _halves[i] += pivot[d] * pivot[d] / 2;
                }
            }
        }

        /// <summary>Memory for one worker: 8 rows, transposed, and their products with 32 pivots.</summary>
        public float[] Scratch() => new float[DotBlock.Rows * (_dimension + DotBlock.Lanes)];

        /// <summary>Fills nearest, [N], for the 8 points from <paramref name="first"/> on, with places among the pivots.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Nearest(int first, float[] scratch, int[] nearest)
        {
            Span<float> rows = scratch.AsSpan(0, DotBlock.Rows * _dimension),
                products = scratch.AsSpan(DotBlock.Rows * _dimension); // [D, 8], [8, 32]
            int count = Math.Min(DotBlock.Rows, nearest.Length - first);
            for (int r = 0; r < count; r++)
            {
                ReadOnlySpan<float> point = _points.AsSpan((first + r) * _dimension, _dimension);
                for (int d = 0; d < point.Length; d++)
                {
                    rows[(d * DotBlock.Rows) + r] = point[d];
                }
            }

            Span<float> best = stackalloc float[DotBlock.Rows];
            best.Fill(float.NegativeInfinity);
            for (int pivot = 0; pivot < _halves.Length; pivot += DotBlock.Lanes)
            {
                Span<float> panel = _panels.AsSpan(pivot * _dimension, DotBlock.Lanes * _dimension);
                DotBlock.Compute(rows, DotBlock.Rows, panel, _dimension, products);
                for (int r = 0; r < count; r++)
                {
                    ReadOnlySpan<float> own = products.Slice(r * DotBlock.Lanes, DotBlock.Lanes),
                        halves = _halves.AsSpan(pivot, DotBlock.Lanes);
                    Vector512<float> low = Vector512.Create(own) - Vector512.Create(halves),
                        high = Vector512.Create(own[16..]) - Vector512.Create(halves[16..]);
                    Vector512<float> most = Vector512.Max(low, high);
                    if (!Vector512.GreaterThanAny(most, Vector512.Create(best[r])))
                    {
                        continue;
                    }

                    for (int lane = 0; lane < DotBlock.Lanes; lane++)
                    {
                        float nearness = own[lane] - halves[lane];
                        if (nearness > best[r])
                        {
                            (best[r], nearest[first + r]) = (nearness, pivot + lane);
                        }
                    }
                }
            }
        }
    }
}
