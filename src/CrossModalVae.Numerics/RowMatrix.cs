using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace CrossModalVae.Numerics;

/// <summary>
/// A row-major matrix of float32 or float16, in an array or in mapped memory, as the kernels of <see cref="RowKernels"/> read it. The owner
/// of mapped memory keeps it mapped as long as rows are read.
/// </summary>
internal readonly unsafe struct RowMatrix
{
    private readonly float[]? _array;
    private readonly byte* _start;

    public RowMatrix(float[] values, int count, int dimension)
    {
        _array = values;
        _start = null;
        (Count, Dimension, Precision) = (count, dimension, FeaturePrecision.Float32);
    }

    public RowMatrix(byte* start, int count, int dimension, FeaturePrecision precision)
    {
        _array = null;
        _start = start;
        (Count, Dimension, Precision) = (count, dimension, precision);
    }

    public int Count { get; }

    public int Dimension { get; }

    public FeaturePrecision Precision { get; }

    /// <summary>The first byte of a row; the rows after it follow.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref readonly byte Row(int row) => ref _array is not null
        ? ref Unsafe.As<float, byte>(ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_array), (nint)row * Dimension))
        : ref *(_start + ((long)row * Dimension * FeatureCodec.Size(Precision)));

    /// <summary>Copies a row in single precision.</summary>
    public void CopyRow(int row, Span<float> values)
    {
        ReadOnlySpan<byte> bytes = MemoryMarshal.CreateReadOnlySpan(in Row(row), Dimension * FeatureCodec.Size(Precision));
        if (Precision == FeaturePrecision.Float32)
        {
            MemoryMarshal.Cast<byte, float>(bytes).CopyTo(values);
        }
        else
        {
            TensorPrimitives.ConvertToSingle(MemoryMarshal.Cast<byte, Half>(bytes), values);
        }
    }
}
