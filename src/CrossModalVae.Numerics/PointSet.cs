using System.Numerics.Tensors;

namespace CrossModalVae.Numerics;

/// <summary>
/// Points prepared for distances: for the cosine metric a copy of unit length (zero rows stay zero), for
/// the Euclidean one the caller's own rows.
/// </summary>
internal sealed class PointSet
{
    private readonly float[] _values;
    private readonly DistanceMetric _metric;

    internal PointSet(float[] values, int count, int dimension, DistanceMetric metric)
    {
        Count = count;
        Dimension = dimension;
        _metric = metric;
        _values = metric == DistanceMetric.Cosine ? Normalise(values, dimension) : values;
    }

    internal int Count { get; }

    internal int Dimension { get; }

    internal ReadOnlySpan<float> this[int index] => _values.AsSpan(index * Dimension, Dimension);

    /// <summary>A row made comparable with <see cref="this[int]"/>.</summary>
    internal float[] Prepare(ReadOnlySpan<float> row) =>
        _metric == DistanceMetric.Cosine ? Normalise(row.ToArray(), Dimension) : row.ToArray();

    /// <summary>The distance of a prepared row to point <paramref name="index"/>.</summary>
    internal double Distance(ReadOnlySpan<float> prepared, int index) => _metric == DistanceMetric.Cosine
        ? Math.Max(0, 1.0 - TensorPrimitives.Dot(prepared, this[index]))
        : TensorPrimitives.Distance(prepared, this[index]);

    internal static float[] Normalise(float[] values, int dimension)
    {
        var result = new float[values.Length];
        for (int offset = 0; offset < values.Length; offset += dimension)
        {
            ReadOnlySpan<float> row = values.AsSpan(offset, dimension);
            float norm = TensorPrimitives.Norm(row);
            if (norm > 0)
            {
                TensorPrimitives.Divide(row, norm, result.AsSpan(offset, dimension));
            }
        }

        return result;
    }
}
