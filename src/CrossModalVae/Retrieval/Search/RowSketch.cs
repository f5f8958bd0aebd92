using System.Numerics.Tensors;
using System.Runtime.CompilerServices;

namespace CrossModalVae.Retrieval.Search;

/// <summary>
/// Rows in 8 bits a number with a bound on what that loses: a quarter of the bytes for a query to wait for. A row x is kept as
/// scale x code, and the length of what is left over bounds the inner product with any query: |q.x - scale q.code| is at most
/// |q| |x - scale code| (Cauchy and Schwarz).
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

    /// <summary>[N]: what is added to the inner product.</summary>
    public float[] Offsets { get; }

    /// <summary>[N]: times the query's length, what the inner product may be off by.</summary>
    public float[] Errors { get; }

    /// <summary>The codes of a row; those of the next follow.</summary>
    public ref readonly byte Row(int row) => ref Unsafe.As<sbyte, byte>(ref _codes[row * Stride]);

    /// <summary>Whether a sketch of so many rows fits into one array.</summary>
    public static bool Fits(int count, int dimension) => (long)count * (dimension + Lanes) < 1 << 30;

    /// <summary>Makes one.</summary>
    /// <param name="count">N.</param>
    /// <param name="dimension">D, with the additional term at the end.</param>
    /// <param name="prepare">Gives a row as it is screened, [D + 1].</param>
    /// <param name="relativeError">The bound on rounding in single precision.</param>
    /// <param name="carriesOffset">Whether the additional term is to be added; else it is left out.</param>
    /// <param name="workerCount">Threads.</param>
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
        float scale = Scales[row] = largest / LargestCode; // not a number where a value is none; such a row is never screened out
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
