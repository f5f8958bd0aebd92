using System.Numerics.Tensors;

namespace CrossModalVae.Numerics;

/// <summary>Checks of a row-major matrix that a caller handed in.</summary>
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

    public static bool AllEqual(float[] values, int dimension)
    {
        ReadOnlySpan<float> first = values.AsSpan(0, dimension);
        for (int offset = dimension; offset < values.Length; offset += dimension)
        {
            if (!first.SequenceEqual(values.AsSpan(offset, dimension)))
            {
                return false;
            }
        }

        return true;
    }
}
