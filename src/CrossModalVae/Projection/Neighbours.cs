using System.Numerics.Tensors;

namespace CrossModalVae.Projection;

/// <summary>The nearest rows of a matrix to each query row: exact, nearest first, ties by row.</summary>
/// <param name="Indices">[queries, Count] row-major.</param>
/// <param name="SquaredDistances">[queries, Count] row-major.</param>
/// <param name="Count">Neighbours of one query.</param>
internal sealed record Neighbours(int[] Indices, float[] SquaredDistances, int Count)
{
    private const int ChunkSize = 16;

    /// <summary>Finds them.</summary>
    /// <param name="points">[N, dimension] row-major.</param>
    /// <param name="queries">[Q, dimension] row-major.</param>
    /// <param name="dimension">Values of one row.</param>
    /// <param name="count">How many, at most the rows there are.</param>
    /// <param name="skipSelf">The queries are the points themselves, and no point is its own neighbour.</param>
    /// <param name="chunks">Who does the work.</param>
    public static Neighbours Find(float[] points, ReadOnlyMemory<float> queries, int dimension, int count, bool skipSelf, Chunks chunks)
    {
        int pointCount = points.Length / dimension;
        int queryCount = queries.Length / dimension;
        var indices = new int[queryCount * count];
        var squares = new float[queryCount * count];
        chunks.Run(queryCount, ChunkSize, (_, first, end) =>
        {
            var distances = new float[pointCount];
            var order = new int[pointCount];
            for (int q = first; q < end; q++)
            {
                ReadOnlySpan<float> query = queries.Span.Slice(q * dimension, dimension);
                for (int j = 0; j < pointCount; j++)
                {
                    float distance = TensorPrimitives.Distance(query, points.AsSpan(j * dimension, dimension));
                    distances[j] = distance * distance;
                    order[j] = j;
                }

                if (skipSelf)
                {
                    distances[q] = float.PositiveInfinity;
                }

                Array.Sort(order, (a, b) => distances[a] != distances[b] ? distances[a].CompareTo(distances[b]) : a.CompareTo(b));
                for (int k = 0; k < count; k++)
                {
                    indices[(q * count) + k] = order[k];
                    squares[(q * count) + k] = distances[order[k]];
                }
            }
        });
        return new Neighbours(indices, squares, count);
    }
}
