using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime;

namespace Microsoft.ML.Transforms.Onnx;

/// <summary>Makes the tensor of one graph input from a column's value in the current row.</summary>
internal sealed class TensorReader
{
    private readonly Func<OrtValue> _read;

    private TensorReader(string name, Func<OrtValue> read)
    {
        Name = name;
        _read = read;
    }

    public string Name { get; }

    public OrtValue Read() => _read();

    public static TensorReader For(DataViewRow row, DataViewSchema.Column column, OnnxTensorInfo tensor)
    {
        bool isVector = column.Type is VectorDataViewType;
        if (tensor.Type.ItemType is TextDataViewType)
            return new(tensor.Name, isVector ? Texts(row, column, tensor) : Text(row, column));
        return new(tensor.Name, (Func<OrtValue>)Generic.Call(null, typeof(TensorReader), isVector ? nameof(Numbers) : nameof(Number),
            [tensor.Type.ItemType.RawType], row, column, tensor));
    }

    // A scalar column is fed as a 1 x 1 tensor.
    private static Func<OrtValue> Number<T>(DataViewRow row, DataViewSchema.Column column, OnnxTensorInfo tensor) where T : unmanaged
    {
        var get = row.GetGetter<T>(column);
        var value = new T[1];
        return () =>
        {
            get(ref value[0]);
            return OrtValue.CreateTensorValueFromMemory(value, [1, 1]);
        };
    }

    private static Func<OrtValue> Text(DataViewRow row, DataViewSchema.Column column)
    {
        var get = row.GetGetter<ReadOnlyMemory<char>>(column);
        ReadOnlyMemory<char> value = default;
        return () =>
        {
            get(ref value);
            return Strings([value.ToString()], [1, 1]);
        };
    }

    private static Func<OrtValue> Numbers<T>(DataViewRow row, DataViewSchema.Column column, OnnxTensorInfo tensor) where T : unmanaged
    {
        var get = row.GetGetter<VBuffer<T>>(column);
        VBuffer<T> value = default;
        T[] dense = [];
        return () =>
        {
            get(ref value);
            if (dense.Length != value.Length)
                dense = new T[value.Length];
            value.CopyTo(dense);
            return OrtValue.CreateTensorValueFromMemory(dense, Shape(tensor, value.Length));
        };
    }

    private static Func<OrtValue> Texts(DataViewRow row, DataViewSchema.Column column, OnnxTensorInfo tensor)
    {
        var get = row.GetGetter<VBuffer<ReadOnlyMemory<char>>>(column);
        VBuffer<ReadOnlyMemory<char>> value = default;
        return () =>
        {
            get(ref value);
            return Strings([.. value.DenseValues().Select(text => text.ToString())], Shape(tensor, value.Length));
        };
    }

    private static OrtValue Strings(string[] values, long[] shape)
    {
        var tensor = OrtValue.CreateTensorWithEmptyStrings(OrtAllocator.DefaultInstance, shape);
        for (int i = 0; i < values.Length; i++)
            tensor.StringTensorSetElementAt(values[i], i);
        return tensor;
    }

    /// <summary>The graph's shape with its one unknown dimension taken from the length of the value.</summary>
    private static long[] Shape(OnnxTensorInfo tensor, int length)
    {
        int known = tensor.Shape.Where(d => d > 0).Aggregate(1, (product, d) => product * d);
        long[] shape = [.. tensor.Shape.Select(d => d > 0 ? d : (long)(length / known))];
        Checks.State(shape.Aggregate(1L, (product, d) => product * d) == length,
            $"Input shape mismatch: Input '{tensor.Name}' has shape {string.Join(",", tensor.Shape)}, but input data is of length {length}.");
        return shape;
    }
}
