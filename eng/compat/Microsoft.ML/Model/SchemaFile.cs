using System.Text.Json.Nodes;
using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>The input schema of a model as JSON.</summary>
internal static class SchemaFile
{
    public static JsonArray Write(DataViewSchema schema) => new([.. schema.Select(WriteColumn)]);

    public static DataViewSchema Read(JsonArray columns)
        => DataViewSchema.From(columns.Select(column => new DataViewSchema.DetachedColumn(column["name"].GetValue<string>(), ReadType(column))));

    private static JsonNode WriteColumn(DataViewSchema.Column column)
    {
        if (column.Annotations.Schema.Count > 0)
            throw new NotSupportedException($"Column '{column.Name}' has annotations ({column.Annotations}); this model format does not carry them.");
        var result = new JsonObject { ["name"] = column.Name, ["item"] = ItemName(column) };
        if (column.Type.ItemOf() is KeyDataViewType key)
            result["keys"] = key.Count;
        if (column.Type is VectorDataViewType vector)
            result["dimensions"] = new JsonArray([.. vector.Dimensions.Select(d => JsonValue.Create(d))]);
        return result;
    }

    private static string ItemName(DataViewSchema.Column column)
        => column.Type.ItemOf() switch
        {
            TextDataViewType => nameof(String),
            BooleanDataViewType or NumberDataViewType or KeyDataViewType => column.Type.ItemOf().RawType.Name,
            _ => throw new NotSupportedException($"Column '{column.Name}' is of type {column.Type}, which this model format does not carry."),
        };

    private static DataViewType ReadType(JsonNode column)
    {
        string name = column["item"].GetValue<string>();
        var raw = name == nameof(String) ? typeof(ReadOnlyMemory<char>) : Type.GetType("System." + name);
        var item = (raw == null ? null : DataViewTypes.FromRaw(raw)) ?? throw new FormatException($"The model file names an unknown type '{name}'.");
        if (column["keys"] is { } keys)
            item = new KeyDataViewType(raw, keys.GetValue<ulong>());
        if (column["dimensions"] is not JsonArray dimensions)
            return item;
        int[] sizes = [.. dimensions.Select(d => d.GetValue<int>())];
        return new VectorDataViewType(item, sizes);
    }
}
