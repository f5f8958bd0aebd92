using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace CrossModalVae.Files;

/// <summary>
/// Reads and writes records by System.Text.Json's source-generated metadata: the members of a record, their names in files and their order.
/// Reading goes through <see cref="StrictJson"/>, so that messages have file, line, field, found and expected. Members of enums are
/// spelt as <see cref="EnumText"/> has it; the generated metadata knows them as numbers.
/// </summary>
/// <remarks>
/// A member with <c>[JsonPropertyOrder(1)]</c> came after the first version of its file: it is written after the others, and only where it
/// is not at its default, which never changes, so that older files and hashes stay valid.
/// </remarks>
internal static class JsonRecord
{
    /// <summary>
    /// Writes a record: every member but those that came later and are at their default, and sections that are null. Without
    /// <paramref name="defaults"/> members that came later are written too, unless they are null.
    /// </summary>
    public static JsonObject Write<T>(T value, T? defaults, JsonTypeInfo<T> type)
        where T : class => Write(value, defaults, type, Spelling.Names);

    /// <summary>
    /// Reads a record from a document or section that is already checked against its schema. A field that is absent or null is as in
    /// <paramref name="defaults"/>; a section that is null there has all its fields in the file. Fields named in <paramref name="others"/>
    /// are skipped where they are no members.
    /// </summary>
    /// <exception cref="InvalidDataException">A number is not one that the member can hold.</exception>
    public static T Read<T>(StrictJson source, T? defaults, JsonTypeInfo<T> type, params string[] others)
        where T : class => Merge(source, defaults, type, others).Deserialize(type)!;

    // Files have the names of enum members, the generated metadata their numbers.
    private enum Spelling
    {
        Names,
        Numbers,
    }

    private static JsonObject Write(object value, object? defaults, JsonTypeInfo type, Spelling spelling)
    {
        var json = new JsonObject();
        foreach (JsonPropertyInfo property in Members(type))
        {
            object? member = property.Get!(value);
            object? usual = defaults is null ? null : property.Get(defaults);
            JsonTypeInfo inner = type.Options.GetTypeInfo(property.PropertyType);
            if (inner.Kind == JsonTypeInfoKind.Object)
            {
                if (member is not null)
                {
                    json[property.Name] = Write(member, usual, inner, spelling);
                }
            }
            else if (property.Order == 0 || (defaults is null ? member is not null : !IsSame(member, usual, inner)))
            {
                json[property.Name] = Node(member, inner, spelling);
            }
        }

        return json;
    }

    private static bool IsSame(object? a, object? b, JsonTypeInfo type) =>
        Equals(a, b)
        || (type.Kind == JsonTypeInfoKind.Enumerable
            && JsonNode.DeepEquals(Node(a, type, Spelling.Numbers), Node(b, type, Spelling.Numbers)));

    private static JsonNode? Node(object? value, JsonTypeInfo type, Spelling spelling) => value switch
    {
        Enum member => spelling == Spelling.Names ? EnumText.Of(member) : Convert.ToInt64(member, CultureInfo.InvariantCulture),
        System.Collections.IEnumerable items when Choice(type) is JsonPolymorphismOptions choice =>
            new JsonArray([.. items.Cast<object>().Select(item => Chosen(item, choice, type.Options, spelling))]),
        System.Collections.IEnumerable items when type.Kind == JsonTypeInfoKind.Enumerable =>
            new JsonArray([.. items.Cast<object?>().Select(item => Node(item, type.Options.GetTypeInfo(type.ElementType!), spelling))]),
        not null when type.Kind == JsonTypeInfoKind.Object => Write(value, null, type, spelling),
        _ => JsonSerializer.SerializeToNode(value, type),
    };

    // An item of a list whose items are of several types, each named by a field (as the objective's terms by 'term').
    private static JsonObject Chosen(object item, JsonPolymorphismOptions choice, JsonSerializerOptions options, Spelling spelling)
    {
        JsonObject json = Write(item, Defaults(item.GetType()), options.GetTypeInfo(item.GetType()), spelling);
        object name = choice.DerivedTypes.Single(derived => derived.DerivedType == item.GetType()).TypeDiscriminator!;
        json.Insert(0, choice.TypeDiscriminatorPropertyName, (string)name);
        return json;
    }

    private static JsonObject Chosen(StrictJson value, JsonPolymorphismOptions choice, JsonSerializerOptions options)
    {
        string tag = choice.TypeDiscriminatorPropertyName;
        string name = value[tag].AsString();
        Type type = choice.DerivedTypes.Single(derived => (string)derived.TypeDiscriminator! == name).DerivedType;
        JsonObject json = Merge(value, Defaults(type), options.GetTypeInfo(type), [tag]);
        json.Insert(0, tag, name);
        return json;
    }

    [UnconditionalSuppressMessage(
        "Trimming", "IL2067", Justification = "The base record of such items asks that its derived records keep their constructors.")]
    private static object Defaults(Type type) => Activator.CreateInstance(type)!;

    private static JsonPolymorphismOptions? Choice(JsonTypeInfo list) => list.Kind == JsonTypeInfoKind.Enumerable
        ? list.Options.GetTypeInfo(list.ElementType!).PolymorphismOptions
        : null;

    // With a value for every member: generated code sets a missing one to 0, not to the record's default.
    private static JsonObject Merge(StrictJson source, object? defaults, JsonTypeInfo type, string[] others)
    {
        JsonObject merged = defaults is null ? [] : Write(defaults, null, type, Spelling.Numbers);
        foreach (StrictJson field in source.Children.Where(field => !field.IsNull))
        {
            JsonPropertyInfo? found = Members(type).FirstOrDefault(property => property.Name == field.Name);
            if (found is null && others.Contains(field.Name))
            {
                continue;
            }

            JsonPropertyInfo property = found
                ?? throw new InvalidOperationException($"The schema knows '{field.Path}', which is no member of {type.Type.Name}.");
            JsonTypeInfo inner = type.Options.GetTypeInfo(property.PropertyType);
            merged[property.Name] = Value(field, defaults is null ? null : property.Get!(defaults), inner, others);
        }

        return merged;
    }

    private static IEnumerable<JsonPropertyInfo> Members(JsonTypeInfo type) => type.Properties.Where(property => property.Set is not null);

    private static JsonNode? Value(StrictJson value, object? defaults, JsonTypeInfo type, string[] others)
    {
        if (value.IsNull)
        {
            return null;
        }

        switch (type.Kind)
        {
            case JsonTypeInfoKind.Object:
                return Merge(value, defaults, type, others);
            case JsonTypeInfoKind.Enumerable when Choice(type) is JsonPolymorphismOptions choice:
                return new JsonArray(value.AsArray(one => (JsonNode?)Chosen(one, choice, type.Options)));
            case JsonTypeInfoKind.Enumerable:
                JsonTypeInfo item = type.Options.GetTypeInfo(type.ElementType!);
                return new JsonArray(value.AsArray(one => Value(one, null, item, others)));
            case JsonTypeInfoKind.Dictionary:
                JsonTypeInfo entry = type.Options.GetTypeInfo(type.ElementType!);
                return new JsonObject(value.Children.Select(one => KeyValuePair.Create(one.Name!, Value(one, null, entry, others))));
            default:
                return Scalar(value, Nullable.GetUnderlyingType(type.Type) ?? type.Type);
        }
    }

    private static JsonValue Scalar(StrictJson value, Type type) => value.Kind switch
    {
        JsonValueKind.String when type.IsEnum => JsonValue.Create(EnumText.Number(type, value.AsString())),
        JsonValueKind.String => JsonValue.Create(value.AsString()),
        JsonValueKind.Number when type == typeof(int) => JsonValue.Create(value.AsInt32()),
        JsonValueKind.Number when type == typeof(long) => JsonValue.Create(value.AsInt64()),
        JsonValueKind.Number when type == typeof(float) => JsonValue.Create(value.AsSingle()),
        JsonValueKind.Number => JsonValue.Create(value.AsDouble()),
        _ => JsonValue.Create(value.AsBoolean()),
    };
}
