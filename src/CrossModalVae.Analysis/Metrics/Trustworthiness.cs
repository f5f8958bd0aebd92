using System.Numerics.Tensors;

namespace CrossModalVae.Metrics;

/// <summary>
/// Trustworthiness of a layout (Venna, Kaski 2001): to what extent its neighbours are neighbours in the input; 1 where all of them are,
/// about 0.5 for a random layout.
/// </summary>
public static class Trustworthiness
{
    internal const int DefaultNeighbourCount = 5;

    private const int SampleSeed = 0;

    /// <summary>
    /// The score at k neighbours: 1 - 2 / (N k (2N - 3k - 1)) x the sum, over every point and its k nearest in the layout, of by how much
    /// their rank in the input exceeds k. Euclidean distances; equal ones rank by row.
    /// </summary>
    /// <param name="values">[N, dimension] row-major, the input.</param>
    /// <param name="layout">[N, layoutDimension] row-major.</param>
    /// <param name="rowCount">N.</param>
    /// <param name="dimension">Values of one input point.</param>
    /// <param name="layoutDimension">Values of one point of the layout.</param>
    /// <param name="neighbourCount">k, at least 1 and below N / 2.</param>
    /// <param name="sampleCount">At most this many points, drawn with a fixed seed, are scored; null scores all. O(sample N dimension)
    /// time.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="ArgumentException">Sizes do not fit, or k is out of its range.</exception>
    public static double Score(
        float[] values,
        float[] layout,
        int rowCount,
        int dimension,
        int layoutDimension,
        int neighbourCount = DefaultNeighbourCount,
        int? sampleCount = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(values);
        ArgumentNullException.ThrowIfNull(layout);
        ArgumentOutOfRangeException.ThrowIfLessThan(sampleCount ?? 1, 1, nameof(sampleCount));
        if (values.Length != (long)rowCount * dimension || layout.Length != (long)rowCount * layoutDimension)
        {
            throw new ArgumentException(
                $"'values' and 'layout' have {values.Length} and {layout.Length} numbers; "
                + $"must have {rowCount} rows x {dimension} and x {layoutDimension}.");
        }

        if (neighbourCount < 1 || 2L * neighbourCount >= rowCount)
        {
            throw new ArgumentOutOfRangeException(
                nameof(neighbourCount),
                $"'neighbourCount' is {neighbourCount}; must be at least 1 and below half of the {rowCount} points.");
        }

        values = Rows.WithSquares(values);
        layout = Rows.WithSquares(layout);
        int[] centres = new SeededRandom(SampleSeed).Sample(rowCount, sampleCount ?? rowCount);
        var excess = new long[centres.Length];
        ParallelLoop.For(
            centres.Length,
            () => (Input: new float[rowCount], Shown: new float[rowCount]),
            (c, buffers) =>
            {
                Distances(values, dimension, centres[c], buffers.Input);
                Distances(layout, layoutDimension, centres[c], buffers.Shown);
                excess[c] = Excess(buffers.Input, buffers.Shown, centres[c], neighbourCount);
            },
            cancellationToken: cancellationToken);
        double worst = (double)centres.Length * neighbourCount * ((2.0 * rowCount) - (3.0 * neighbourCount) - 1) / 2;
        return 1 - (excess.Sum() / worst);
    }

    private static void Distances(float[] values, int dimension, int centre, float[] distances)
    {
        ReadOnlySpan<float> from = values.AsSpan(centre * dimension, dimension);
        for (int j = 0; j < distances.Length; j++)
        {
            distances[j] = TensorPrimitives.Distance(from, values.AsSpan(j * dimension, dimension));
        }
    }

    private static long Excess(float[] input, float[] shown, int centre, int neighbourCount)
    {
        long excess = 0;
        shown[centre] = float.PositiveInfinity;
        for (int k = 0; k < neighbourCount; k++)
        {
            int neighbour = TensorPrimitives.IndexOfMin<float>(shown); // the first of equals
            shown[neighbour] = float.PositiveInfinity;
            int rank = 1;
            for (int j = 0; j < input.Length; j++)
            {
                bool nearer = input[j] < input[neighbour] || (input[j] == input[neighbour] && j < neighbour);
                rank += nearer && j != centre ? 1 : 0;
            }

            excess += Math.Max(0, rank - neighbourCount);
        }

        return excess;
    }
}
