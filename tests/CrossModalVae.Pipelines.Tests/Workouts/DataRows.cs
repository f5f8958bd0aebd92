using Microsoft.ML;
using Microsoft.ML.Data;

namespace CrossModalVae.Pipelines.Tests.Workouts;

/// <summary>Reads data views into plain values for comparison: numbers, strings, and arrays of them.</summary>
internal static class DataRows
{
    public static List<object[]> Read(IDataView view, params string[] columns)
    {
        DataViewSchema.Column[] wanted = [.. columns.Select(name => view.Schema[name])];
        using DataViewRowCursor cursor = view.GetRowCursor(wanted);
        return Read(cursor, wanted);
    }

    public static List<object[]> ReadAll(IDataView view)
    {
        using DataViewRowCursor cursor = view.GetRowCursor(view.Schema);
        return Read(cursor, view.Schema);
    }

    public static List<object[]> Read(DataViewRowCursor cursor, IEnumerable<DataViewSchema.Column> columns)
    {
        Func<object>[] getters = [.. columns.Select(column => Getter(cursor, column))];
        var rows = new List<object[]>();
        while (cursor.MoveNext())
        {
            Assert.Equal(rows.Count, cursor.Position);
            rows.Add([.. getters.Select(getter => getter())]);
        }

        return rows;
    }

    public static Func<object> Getter(DataViewRow row, DataViewSchema.Column column)
    {
        Type raw = column.Type.RawType;
        return raw == typeof(float) ? Scalar<float>(row, column, value => value)
            : raw == typeof(double) ? Scalar<double>(row, column, value => value)
            : raw == typeof(int) ? Scalar<int>(row, column, value => value)
            : raw == typeof(uint) ? Scalar<uint>(row, column, value => value)
            : raw == typeof(ReadOnlyMemory<char>) ? Scalar<ReadOnlyMemory<char>>(row, column, value => value.ToString())
            : raw == typeof(VBuffer<float>) ? Scalar<VBuffer<float>>(row, column, value => value.DenseValues().ToArray())
            : raw == typeof(VBuffer<ReadOnlyMemory<char>>)
                ? Scalar<VBuffer<ReadOnlyMemory<char>>>(row, column, value => value.DenseValues().Select(text => text.ToString()).ToArray())
                : throw new NotSupportedException($"The tests read no {raw}.");
    }

    private static Func<object> Scalar<T>(DataViewRow row, DataViewSchema.Column column, Func<T, object> convert)
    {
        ValueGetter<T> getter = row.GetGetter<T>(column);
        T value = default!;
        return () =>
        {
            getter(ref value);
            return convert(value);
        };
    }
}
