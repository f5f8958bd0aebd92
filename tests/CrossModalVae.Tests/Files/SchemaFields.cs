using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using CrossModalVae.Files;

namespace CrossModalVae.Tests.Files;

/// <summary>Holds a schema's fields against the records' generated metadata: the same names everywhere, of the same types.</summary>
internal static class SchemaFields
{
    /// <summary>Compares a schema with a type and everything within, other files' parts aside.</summary>
    /// <param name="name">The schema's name.</param>
    /// <param name="type">The metadata of the document.</param>
    /// <param name="others">Fields of the document that are no members.</param>
    public static void AssertAre(string name, JsonTypeInfo type, params string[] others)
    {
        JsonObject root = SchemaSamples.Load(name);
        Compare(name, root, type, others, root);
    }

    private static void Compare(string path, JsonObject schema, JsonTypeInfo type, string[] others, JsonObject root)
    {
        const string Local = "#/$defs/";
        if (schema["$ref"] is JsonNode reference)
        {
            string target = (string)reference!;
            if (target.StartsWith(Local, StringComparison.Ordinal))
            {
                Compare(path, root["$defs"]![target[Local.Length..]]!.AsObject(), type, others, root);
            }

            return;
        }

        switch (type.Kind)
        {
            case JsonTypeInfoKind.Object:
                JsonObject fields = schema["properties"]!.AsObject();
                JsonPropertyInfo[] members = [.. type.Properties.Where(property => property.Set is not null)];
                Assert.Equal(
                    [path, .. fields.Select(field => field.Key).Except(others).Order(StringComparer.Ordinal)],
                    [path, .. members.Select(member => member.Name).Order(StringComparer.Ordinal)]);
                Assert.False((bool)schema["additionalProperties"]!);
                foreach (JsonPropertyInfo member in members)
                {
                    JsonTypeInfo inner = type.Options.GetTypeInfo(member.PropertyType);
                    Compare($"{path}.{member.Name}", fields[member.Name]!.AsObject(), inner, [], root);
                }

                break;
            case JsonTypeInfoKind.Enumerable:
                Compare($"{path}[]", schema["items"]!.AsObject(), type.Options.GetTypeInfo(type.ElementType!), [], root);
                break;
            case JsonTypeInfoKind.Dictionary:
                Compare($"{path}{{}}", schema["additionalProperties"]!.AsObject(), type.Options.GetTypeInfo(type.ElementType!), [], root);
                break;
            default:
                if ((Nullable.GetUnderlyingType(type.Type) ?? type.Type) is { IsEnum: true } choice)
                {
                    Assert.Equal(
                        EnumText.All(choice),
                        schema["enum"]!.AsArray().Where(value => value is not null).Select(value => (string)value!));
                    break;
                }

                string text = schema["type"] is JsonArray types ? (string)types[0]! : (string)schema["type"]!;
                Assert.Equal((path, Scalar(type.Type)), (path, text));
                break;
        }
    }

    private static string Scalar(Type type) => Type.GetTypeCode(Nullable.GetUnderlyingType(type) ?? type) switch
    {
        TypeCode.String => "string",
        TypeCode.Boolean => "boolean",
        TypeCode.Int32 or TypeCode.Int64 => "integer",
        TypeCode.Single or TypeCode.Double => "number",
        _ => $"a type for {type.Name}",
    };
}
