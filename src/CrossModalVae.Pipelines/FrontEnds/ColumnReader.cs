using System.Numerics;

namespace CrossModalVae.Pipelines.FrontEnds;

/// <summary>Reads a column of the input's current row as values that stay valid afterwards.</summary>
internal static class ColumnReader
{
    /// <summary>A text.</summary>
    public static Func<string> Text(DataViewRow input, DataViewSchema.Column column)
    {
        ValueGetter<ReadOnlyMemory<char>> getter = input.GetGetter<ReadOnlyMemory<char>>(column);
        ReadOnlyMemory<char> text = default;
        return () =>
        {
            getter(ref text);
            return text.ToString();
        };
    }

    /// <summary>A vector in a new array.</summary>
    public static Func<T[]> Vector<T>(DataViewRow input, DataViewSchema.Column column)
    {
        ValueGetter<VBuffer<T>> getter = input.GetGetter<VBuffer<T>>(column);
        VBuffer<T> vector = default;
        return () =>
        {
            getter(ref vector);
            var values = new T[vector.Length];
            vector.CopyTo(values);
            return values;
        };
    }

    /// <summary>A number of whichever type.</summary>
    public static Func<double> Number(DataViewRow input, string name)
    {
        DataViewSchema.Column column = input.Schema[name];
        return column.Type == NumberDataViewType.Double ? Number<double>(input, column)
            : column.Type == NumberDataViewType.Single ? Number<float>(input, column)
            : Number<int>(input, column);
    }

    private static Func<double> Number<T>(DataViewRow input, DataViewSchema.Column column)
        where T : INumberBase<T>
    {
        ValueGetter<T> getter = input.GetGetter<T>(column);
        T value = T.Zero;
        return () =>
        {
            getter(ref value);
            return double.CreateChecked(value);
        };
    }
}
