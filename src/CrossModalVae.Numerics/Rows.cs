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

    /// <summary>A copy with every row at length 1, whatever its size; rows of zeros stay zero.</summary>
    public static float[] ToUnitLength(float[] values, int dimension)
    {
        var result = new float[values.Length];
        for (int offset = 0; offset < values.Length; offset += dimension)
        {
            Span<float> row = result.AsSpan(offset, dimension);
            ScaleToSquares(values.AsSpan(offset, dimension), row);
            float norm = TensorPrimitives.Norm<float>(row);
            if (norm > 0)
            {
                TensorPrimitives.Divide(row, norm, row);
            }
        }

        return result;
    }

    /// <summary>
    /// Numbers whose squares and their sums neither overflow nor vanish in single precision: the same array where that holds already, else
    /// a copy scaled by a power of two, which rounds nothing.
    /// </summary>
    public static float[] WithSquares(float[] values)
    {
        if (HasSquares(Size(values)))
        {
            return values;
        }

        var result = new float[values.Length];
        ScaleToSquares(values, result);
        return result;
    }

    private static void ScaleToSquares(ReadOnlySpan<float> from, Span<float> to)
    {
        float size = Size(from);
        if (HasSquares(size))
        {
            from.CopyTo(to);
            return;
        }

        int exponent = -MathF.ILogB(size);
        for (int i = 0; i < from.Length; i++)
        {
            to[i] = MathF.ScaleB(from[i], exponent);
        }
    }

    private static float Size(ReadOnlySpan<float> values) =>
        values.Length == 0 ? 0 : MathF.Abs(TensorPrimitives.MaxMagnitude(values));

    // Of the largest number: a billion of its squares are finite, and so are the squares of differences that its precision can show.
    private static bool HasSquares(float size) => size is 0 or (> 1e-9f and < 1e14f);
}
