using System.Numerics.Tensors;
using System.Runtime.CompilerServices;

namespace CrossModalVae.Retrieval.Search;

/// <summary>
/// Rows quantised to 8 bits, a quarter of the bytes to read, with a bound on the error: a row x is kept as scale x code, and |q.x - scale
/// q.code| is at most |q| |x - scale code| (Cauchy-Schwarz) for any query q.
/// </summary>
internal sealed class RowSketch
{
    private const int Lanes = 16;
    private const int BlockRows = 64;
    private const float LargestCode = 127;

    private readonly sbyte[] _codes; // [N, Stride]

    private RowSketch(int count, int dimension)
    {
        Stride = (dimension + Lanes - 1) / Lanes * Lanes;
        _codes = new sbyte[count * Stride];
        Scales = new float[count];
        Offsets = new float[count];
        Errors = new float[count];
    }

    /// <summary>Numbers of a row, zeros at the end.</summary>
    public int Stride { get; }

    /// <summary>[N].</summary>
    public float[] Scales { get; }

    /// <summary>[N] added to the inner product.</summary>
    public float[] Offsets { get; }

    /// <summary>[N] times the query's length: the bound on the inner product's error.</summary>
    public float[] Errors { get; }

    /// <summary>The codes of a row; those of the next follow.</summary>
    public ref readonly byte Row(int row) => ref Unsafe.As<sbyte, byte>(ref _codes[row * Stride]);

    /// <summary>Whether a sketch of so many rows fits into one array.</summary>
    public static bool Fits(int count, int dimension) => (long)count * (dimension + Lanes) < 1 << 30;

    /// <summary>
    /// Quantises rows that <paramref name="prepare"/> gives, [D + 1] with the additional term last, which is kept where
    /// <paramref name="carriesOffset"/> says so.
    /// </summary>
    public static RowSketch Create(int count, int dimension, RowReader prepare, double relativeError, bool carriesOffset, int workerCount)
    {
        var sketch = new RowSketch(count, dimension);
        ParallelLoop.For(
            ParallelLoop.BlockCount(count, BlockRows),
            () => new float[dimension + 1],
            (block, values) =>
            {
                for (int row = block * BlockRows; row < Math.Min(count, (block + 1) * BlockRows); row++)
                {
                    prepare(row, values);
                    sketch.Keep(row, values.AsSpan(0, dimension), relativeError);
                    sketch.Offsets[row] = carriesOffset ? values[dimension] : 0;
                }
            },
            workerCount: workerCount);
        return sketch;
    }

    /// <summary>Fills a row as it is screened.</summary>
    internal delegate void RowReader(int row, Span<float> values);

    private void Keep(int row, ReadOnlySpan<float> values, double relativeError)
    {
        float largest = Math.Abs(TensorPrimitives.MaxMagnitude(values));
        float scale = Scales[row] = largest / LargestCode; // NaN where a value is NaN; such a row is never screened out
        Span<sbyte> codes = _codes.AsSpan(row * Stride, values.Length);
        double left = 0, square = 0;
        for (int d = 0; d < codes.Length; d++)
        {
            float code = scale > 0 ? Math.Clamp(MathF.Round(values[d] / scale), -LargestCode, LargestCode) : 0;
            codes[d] = (sbyte)code;
            double difference = values[d] - ((double)scale * code);
            left += difference * difference;
            square += (double)values[d] * values[d];
        }

        Errors[row] = MathF.BitIncrement((float)((Math.Sqrt(left) * (1 + 1e-6)) + (2 * relativeError * Math.Sqrt(square))));
    }
}
