using System.Numerics.Tensors;

namespace CrossModalVae.Numerics;

/// <summary>Checks of a caller's row-major matrix, and its rows at unit length.</summary>
internal static class Rows
{
    public static void Check(float[] values, int rowCount, int dimension)
    {
        ArgumentNullException.ThrowIfNull(values);
        ArgumentOutOfRangeException.ThrowIfNegative(rowCount);
        ArgumentOutOfRangeException.ThrowIfLessThan(dimension, 1);
        if (values.Length != (long)rowCount * dimension)
        {
            throw new ArgumentException(
                $"'values' has {values.Length} numbers; must have {rowCount} rows x {dimension} = {(long)rowCount * dimension}.",
                nameof(values));
        }

        if (values.Length > 0 && !float.IsFinite(TensorPrimitives.MaxMagnitude<float>(values))) // NaN where any is
        {
            int i = Array.FindIndex(values, value => !float.IsFinite(value));
            throw UserError.Mark(new ArgumentException(
                FormattableString.Invariant($"'values' has {values[i]} in row {i / dimension}, column {i % dimension}; must be finite."),
                nameof(values)));
        }
    }

    /// <summary>Whether all rows are equal: the matrix then equals itself shifted by a row.</summary>
    public static bool AllEqual(float[] values, int dimension) =>
        values.AsSpan(dimension).SequenceEqual(values.AsSpan(0, values.Length - dimension));

    /// <summary>A copy with every row at length 1; rows of zeros stay zero.</summary>
    public static float[] ToUnitLength(float[] values, int dimension)
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
