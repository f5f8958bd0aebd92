namespace Microsoft.ML.Data;

/// <summary>Reads one column.</summary>
public static class ColumnCursorExtensions
{
    public static IEnumerable<T> GetColumn<T>(this IDataView data, string columnName)
        => GetColumn<T>(data, Checks.Value(data, nameof(data)).Schema[columnName]);

    /// <summary>Text comes as strings and vectors as new arrays where <typeparamref name="T"/> asks for it; else values as they are.</summary>
    public static IEnumerable<T> GetColumn<T>(this IDataView data, DataViewSchema.Column column)
    {
        Checks.Value(data, nameof(data));
        var known = column.Index < data.Schema.Count ? data.Schema[column.Index] : default;
        Checks.Param(known.Name == column.Name && known.Type == column.Type, nameof(column),
            $"column with name {column.Name}, type {column.Type}, and index {column.Index} cannot be found in {nameof(data)}");
        var item = column.Type.ItemOf().RawType;
        bool isVector = column.Type is VectorDataViewType;
        if (column.Type.RawType == typeof(T))
            return Values<T, T>(data, column, value => value);
        if (typeof(T) == typeof(string) && column.Type is TextDataViewType)
            return (IEnumerable<T>)Values<ReadOnlyMemory<char>, string>(data, column, text => text.ToString());
        if (typeof(T) == typeof(string[]) && isVector && item == typeof(ReadOnlyMemory<char>))
            return (IEnumerable<T>)Values<VBuffer<ReadOnlyMemory<char>>, string[]>(data, column, TextsOf);
        if (isVector && typeof(T) == item.MakeArrayType())
            return (IEnumerable<T>)Generic.Call(null, typeof(ColumnCursorExtensions), nameof(Arrays), [item], data, column);
        throw new ArgumentOutOfRangeException(nameof(column),
            $"Cannot map column (name: {column.Name}, type: {column.Type}) in {nameof(data)} to the user-defined type, {typeof(T)}.");
    }

    private static IEnumerable<T[]> Arrays<T>(IDataView data, DataViewSchema.Column column)
        => Values<VBuffer<T>, T[]>(data, column, ItemsOf);

    private static T[] ItemsOf<T>(VBuffer<T> buffer)
    {
        var items = new T[buffer.Length];
        buffer.CopyTo(items);
        return items;
    }

    private static string[] TextsOf(VBuffer<ReadOnlyMemory<char>> buffer) => [.. buffer.DenseValues().Select(text => text.ToString())];

    private static IEnumerable<TOut> Values<TIn, TOut>(IDataView data, DataViewSchema.Column column, Func<TIn, TOut> convert)
    {
        using var cursor = data.GetRowCursor([column]);
        var get = cursor.GetGetter<TIn>(column);
        TIn value = default;
        while (cursor.MoveNext())
        {
            get(ref value);
            yield return convert(value);
        }
    }
}
