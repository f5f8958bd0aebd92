using System.Collections;

namespace TorchSharp.Utils;

/// <summary>The elements of a tensor on the CPU, in row-major order whatever its strides are.</summary>
public sealed unsafe class TensorAccessor<T> : IDisposable, IEnumerable<T>
    where T : unmanaged
{
    private readonly torch.Tensor _tensor;
    private readonly T* _data;

    internal TensorAccessor(torch.Tensor tensor)
    {
        _tensor = tensor;
        _data = (T*)tensor.DataPointer();
    }

    public long Count => _tensor.NumberOfElements;

    public T this[params long[] indices]
    {
        get
        {
            T value = _data[Offset(indices)];
            GC.KeepAlive(_tensor);
            return value;
        }
    }

    public T[] ToArray()
    {
        var array = new T[Count];
        CopyTo(array);
        return array;
    }

    public void CopyTo(T[] array, int arrayIndex = 0, long tensorIndex = 0) => CopyTo(array.AsSpan(), arrayIndex, tensorIndex);

    public void CopyTo(Span<T> array, int arrayIndex = 0, long tensorIndex = 0)
    {
        long count = Math.Min(Count - tensorIndex, array.Length - arrayIndex);
        if (count <= 0) return;
        if (_tensor.is_contiguous())
        {
            new ReadOnlySpan<T>(_data + tensorIndex, checked((int)count)).CopyTo(array[arrayIndex..]);
        }
        else
        {
            long[] shape = _tensor.shape, strides = _tensor.stride();
            for (int k = 0; k < count; k++) array[arrayIndex + k] = _data[Linear(tensorIndex + k, shape, strides)];
        }

        GC.KeepAlive(_tensor);
    }

    public IEnumerator<T> GetEnumerator() => ((IEnumerable<T>)ToArray()).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Nothing: the tensor owns the memory.</summary>
    public void Dispose()
    {
    }

    private static long Linear(long index, long[] shape, long[] strides)
    {
        long offset = 0;
        for (int k = shape.Length - 1; k >= 0; k--)
        {
            index = Math.DivRem(index, shape[k], out long at);
            offset += at * strides[k];
        }

        return offset;
    }

    private long Offset(long[] indices)
    {
        long[] shape = _tensor.shape, strides = _tensor.stride();
        if (indices.Length == 1)
        {
            if (indices[0] < 0 || indices[0] >= Count)
                throw new ArgumentOutOfRangeException(nameof(indices), indices[0], $"The tensor has {Count} elements.");
            return Linear(indices[0], shape, strides);
        }

        if (indices.Length != shape.Length)
            throw new ArgumentException($"{indices.Length} indices for a tensor of {shape.Length} dimensions.", nameof(indices));
        long offset = 0;
        for (int k = 0; k < indices.Length; k++)
        {
            if (indices[k] < 0 || indices[k] >= shape[k])
                throw new ArgumentOutOfRangeException(nameof(indices), indices[k], $"Dimension {k} has {shape[k]} elements.");
            offset += indices[k] * strides[k];
        }

        return offset;
    }
}
