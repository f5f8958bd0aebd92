using System.Numerics.Tensors;

namespace CrossModalVae.Numerics;

/// <summary>
/// An order of points in which every run of 32 that starts at a multiple of 32 lies close together: halves again and again, each time across
/// the line between two far points (the ball tree's split, Omohundro 1989). Depends on the points only.
/// </summary>
internal static class SpatialOrder
{
    private const int Leaf = DotBlock.Lanes;
    private const int SmallestTask = 2048;

    /// <summary>Computes it.</summary>
    /// <param name="points">[N, D] row-major.</param>
    /// <param name="count">N.</param>
    /// <param name="dimension">D.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>[N], position to row.</returns>
    public static int[] Compute(float[] points, int count, int dimension, CancellationToken cancellationToken)
    {
        var order = new int[count];
        for (int i = 0; i < count; i++)
        {
            order[i] = i;
        }

        new Splitter(points, dimension, order, new float[count], cancellationToken).Split(0, count);
        return order;
    }

    private sealed class Splitter(float[] points, int dimension, int[] order, float[] keys, CancellationToken cancellationToken)
    {
        public void Split(int start, int end)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int count = end - start;
            if (count <= Leaf)
            {
                return;
            }

            int one = Farthest(order[start], start, end);
            int other = Farthest(one, start, end);
            var axis = new float[dimension];
            TensorPrimitives.Subtract(Point(other), Point(one), axis);
            for (int i = start; i < end; i++)
            {
                keys[i] = TensorPrimitives.Dot(Point(order[i]), axis);
            }

            Array.Sort(keys, order, start, count);
            int middle = start + (((count / 2) + Leaf - 1) / Leaf * Leaf);
            if (count >= SmallestTask)
            {
                Parallel.Invoke(new ParallelOptions { CancellationToken = cancellationToken }, () => Split(start, middle), () => Split(middle, end));
            }
            else
            {
                Split(start, middle);
                Split(middle, end);
            }
        }

        private int Farthest(int from, int start, int end)
        {
            float largest = -1;
            int farthest = from;
            ReadOnlySpan<float> origin = Point(from);
            for (int i = start; i < end; i++)
            {
                float distance = TensorPrimitives.Distance(origin, Point(order[i]));
                if (distance > largest)
                {
                    largest = distance;
                    farthest = order[i];
                }
            }

            return farthest;
        }

        private ReadOnlySpan<float> Point(int row) => points.AsSpan(row * dimension, dimension);
    }
}
