using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>From objects to data views and back.</summary>
public sealed class DataOperationsCatalog
{
    internal DataOperationsCatalog()
    {
    }

    public IDataView LoadFromEnumerable<TRow>(IEnumerable<TRow> data, SchemaDefinition schemaDefinition = null)
        where TRow : class
        => new EnumerableDataView<TRow>(Checks.Value(data, nameof(data)),
            MemberColumn.For(typeof(TRow), schemaDefinition, SchemaDefinition.Direction.Read));

    /// <summary>Columns keep the types, vector sizes included, and the annotations that <paramref name="schema"/> gives them.</summary>
    public IDataView LoadFromEnumerable<TRow>(IEnumerable<TRow> data, DataViewSchema schema)
        where TRow : class
        => LoadFromEnumerable(Checks.Value(data, nameof(data)), DefinitionFor<TRow>(Checks.Value(schema, nameof(schema))));

    public IEnumerable<TRow> CreateEnumerable<TRow>(
        IDataView data, bool reuseRowObject, bool ignoreMissingColumns = false, SchemaDefinition schemaDefinition = null)
        where TRow : class, new()
        => Enumerate(data, reuseRowObject, new ObjectFiller<TRow>(Checks.Value(data, nameof(data)).Schema, ignoreMissingColumns, schemaDefinition));

    internal static SchemaDefinition DefinitionFor<TRow>(DataViewSchema schema)
    {
        var definition = SchemaDefinition.Create(typeof(TRow), SchemaDefinition.Direction.Read);
        foreach (var column in schema)
        {
            var member = definition[column.Name] ?? throw new InvalidOperationException($"Type should contain a member named {column.Name}");
            member.ColumnType = column.Type;
            member.Annotations = column.Annotations;
        }

        return definition;
    }

    private static IEnumerable<TRow> Enumerate<TRow>(IDataView data, bool reuseRowObject, ObjectFiller<TRow> filler)
        where TRow : class, new()
    {
        using var cursor = data.GetRowCursor(filler.Needs);
        var fill = filler.Bind(cursor);
        TRow row = null;
        while (cursor.MoveNext())
        {
            if (!reuseRowObject || row == null)
                row = new TRow();
            fill(row);
            yield return row;
        }
    }
}
