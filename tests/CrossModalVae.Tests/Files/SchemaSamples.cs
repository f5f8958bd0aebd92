using System.Text.Json.Nodes;
using CrossModalVae.Files;

namespace CrossModalVae.Tests.Files;

/// <summary>Makes, from a schema, a document that follows it and documents that each break one of its rules.</summary>
internal static class SchemaSamples
{
    private static readonly Dictionary<string, string> PatternSamples = new()
    {
        ["^[0-9a-f]{64}$"] = new string('a', 64),
        ["^([0-9a-f]{64})?$"] = new string('b', 64),
    };

    public static JsonObject Load(string name) => JsonNode.Parse(FileSchema.Text(name))!.AsObject();

    public static JsonNode? Valid(string name)
    {
        JsonObject root = Load(name);
        return Make(root, root);
    }

    public static IEnumerable<(string Rule, JsonNode? Document)> Invalid(string name)
    {
        JsonObject root = Load(name);
        return Break(root, root, [], Make(root, root));
    }

    private static (JsonObject Schema, JsonObject Root) Resolve(JsonObject schema, JsonObject root)
    {
        if (schema["$ref"] is not JsonNode reference)
        {
            return (schema, root);
        }

        string target = reference.GetValue<string>();
        if (target.StartsWith("#/$defs/", StringComparison.Ordinal))
        {
            return Resolve(root["$defs"]![target["#/$defs/".Length..]]!.AsObject(), root);
        }

        JsonObject other = Load(target[..^".schema.json".Length]);
        return (other, other);
    }

    private static JsonNode? Make(JsonObject reference, JsonObject referenceRoot)
    {
        (JsonObject schema, JsonObject root) = Resolve(reference, referenceRoot);
        if (schema["examples"] is JsonArray examples)
        {
            return examples[0]?.DeepClone();
        }

        if (schema.TryGetPropertyValue("const", out JsonNode? only))
        {
            return only?.DeepClone();
        }

        if (schema["enum"] is JsonArray values)
        {
            return values[0]?.DeepClone();
        }

        if (schema["type"] is null)
        {
            return Make(schema["anyOf"]![0]!.AsObject(), root);
        }

        switch (Types(schema)[0])
        {
            case "object":
                var made = new JsonObject();
                foreach ((string name, JsonNode? property) in Properties(schema))
                {
                    made[name] = Make(property!.AsObject(), root);
                }

                if (schema["additionalProperties"] is JsonObject other)
                {
                    made["some_name"] = Make(other, root);
                }

                return made;
            case "array":
                int count = Math.Max(1, schema["minItems"]?.GetValue<int>() ?? 0);
                return new JsonArray([.. Enumerable.Range(0, count).Select(_ => Make(schema["items"]!.AsObject(), root))]);
            case "string":
                return schema["pattern"] is JsonNode pattern ? PatternSamples[pattern.GetValue<string>()] : "x";
            case "boolean":
                return true;
            case "integer":
                return (long)Number(schema);
            default:
                return Number(schema);
        }
    }

    private static double Number(JsonObject schema)
    {
        double low = schema["minimum"]?.GetValue<double>() ?? schema["exclusiveMinimum"]?.GetValue<double>() ?? 0;
        double high = schema["maximum"]?.GetValue<double>() ?? schema["exclusiveMaximum"]?.GetValue<double>() ?? low + 2;
        return high - low >= 2 ? Math.Max(low, low < 0 ? 0 : low + 1) : low + ((high - low) / 2);
    }

    private static string[] Types(JsonObject schema) => schema["type"] switch
    {
        null => [],
        JsonArray several => [.. several.Select(type => type!.GetValue<string>())],
        JsonNode one => [one.GetValue<string>()],
    };

    private static JsonObject Properties(JsonObject schema) => schema["properties"]?.AsObject() ?? [];

    private static IEnumerable<(string Rule, JsonNode? Document)> Break(
        JsonObject reference, JsonObject referenceRoot, object[] path, JsonNode? whole)
    {
        (JsonObject schema, JsonObject root) = Resolve(reference, referenceRoot);
        JsonNode? here = At(whole, path);
        string[] types = Types(schema);
        JsonNode?[] candidates = [new JsonObject(), new JsonArray(), "no-such-value", 1.5, true];
        bool Fits(JsonNode? value) => types.Contains(value switch
        {
            JsonObject => "object",
            JsonArray => "array",
            _ => value!.GetValueKind() switch
            {
                System.Text.Json.JsonValueKind.String => "string",
                System.Text.Json.JsonValueKind.Number => "number",
                _ => "boolean",
            },
        });
        if (types.Length > 0 || schema["enum"] is not null || schema["const"] is not null)
        {
            yield return ("type", Replace(whole, path, candidates.First(value => !Fits(value))));
        }

        if (schema["type"] is null && schema["anyOf"] is JsonArray choices)
        {
            yield return ("anyOf", Replace(whole, path, new JsonArray(true)));
            foreach ((string rule, JsonNode? document) in Break(choices[0]!.AsObject(), root, path, whole))
            {
                yield return (rule, document);
            }
        }

        foreach ((string keyword, JsonNode? broken) in BreakValue(schema, types, here))
        {
            yield return (keyword, Replace(whole, path, broken));
        }

        if (types.Contains("object") && here is JsonObject fields)
        {
            foreach (JsonNode? name in schema["required"]?.AsArray() ?? [])
            {
                JsonNode? without = here.DeepClone();
                without!.AsObject().Remove(name!.GetValue<string>());
                yield return ("required", Replace(whole, path, without));
            }

            if (schema["additionalProperties"]?.GetValueKind() == System.Text.Json.JsonValueKind.False)
            {
                JsonNode? more = here.DeepClone();
                more!["no_such_field"] = 1;
                yield return ("additionalProperties", Replace(whole, path, more));
            }

            foreach ((string name, JsonNode? _) in fields)
            {
                JsonNode? inner = Properties(schema)[name] ?? schema["additionalProperties"];
                foreach ((string rule, JsonNode? document) in Break(inner!.AsObject(), root, [.. path, name], whole))
                {
                    yield return ($"{name}: {rule}", document);
                }
            }
        }

        if (types.Contains("array") && schema["items"] is JsonObject items)
        {
            foreach ((string rule, JsonNode? document) in Break(items, root, [.. path, 0], whole))
            {
                yield return ($"items: {rule}", document);
            }
        }
    }

    private static IEnumerable<(string Rule, JsonNode? Value)> BreakValue(JsonObject schema, string[] types, JsonNode? here)
    {
        if (types.Contains("integer") && !types.Contains("number"))
        {
            yield return ("integer", 1.5);
        }

        if (schema["minimum"] is JsonNode minimum)
        {
            yield return ("minimum", minimum.GetValue<double>() - 1);
        }

        if (schema["exclusiveMinimum"] is JsonNode above)
        {
            yield return ("exclusiveMinimum", above.GetValue<double>());
        }

        if (schema["maximum"] is JsonNode maximum)
        {
            yield return ("maximum", maximum.GetValue<double>() + 1);
        }

        if (schema["exclusiveMaximum"] is JsonNode below)
        {
            yield return ("exclusiveMaximum", below.GetValue<double>());
        }

        if (schema["minLength"] is not null)
        {
            yield return ("minLength", "");
        }

        if (schema["pattern"] is not null)
        {
            yield return ("pattern", "\u0001");
        }

        if (schema["minItems"] is not null)
        {
            yield return ("minItems", new JsonArray());
        }

        if (schema["uniqueItems"] is not null)
        {
            JsonNode? item = here!.AsArray()[0];
            yield return ("uniqueItems", new JsonArray(item!.DeepClone(), item.DeepClone()));
        }
    }

    private static JsonNode? At(JsonNode? node, object[] path) =>
        path.Aggregate(node, (at, step) => step is string name ? at![name] : at![(int)step]);

    private static JsonNode? Replace(JsonNode? whole, object[] path, JsonNode? value)
    {
        if (path.Length == 0)
        {
            return value;
        }

        JsonNode? copy = whole!.DeepClone();
        JsonNode? owner = At(copy, path[..^1]);
        if (path[^1] is string name)
        {
            owner![name] = value?.DeepClone();
        }
        else
        {
            owner![(int)path[^1]] = value?.DeepClone();
        }

        return copy;
    }
}
