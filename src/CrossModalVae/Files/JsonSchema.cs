using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace CrossModalVae.Files;

/// <summary>
/// A validator for the part of JSON Schema 2020-12 that data-schemas/ uses. A keyword outside that part is refused when the schema is
/// loaded, so that nothing is ever silently unchecked. Its messages name file, line, field, found and expected; where a rule's own words
/// would be unreadable (a pattern, a choice) the schema's <c>title</c> says what is expected.
/// </summary>
internal sealed partial class JsonSchema
{
    private static readonly HashSet<string> Keywords =
    [
        "$schema", "$id", "$comment", "$defs", "$ref", "title", "description", "default", "examples", "type", "properties", "required",
        "additionalProperties", "enum", "const", "minimum", "exclusiveMinimum", "maximum", "exclusiveMaximum", "minLength", "pattern",
        "items", "minItems", "maxItems", "minProperties", "uniqueItems", "anyOf", "oneOf",
    ];

    private readonly JsonSchema _root;
    private readonly string _name;
    private readonly Dictionary<string, JsonSchema> _definitions;
    private readonly Dictionary<string, JsonSchema> _properties;
    private readonly HashSet<JsonValueKind> _kinds = [];
    private readonly string[] _types;
    private readonly string? _title;
    private readonly string? _reference;
    private readonly string[] _required;
    private readonly bool _closed;
    private readonly JsonSchema? _otherProperties;
    private readonly StrictJson[]? _enum;
    private readonly double? _minimum;
    private readonly double? _exclusiveMinimum;
    private readonly double? _maximum;
    private readonly double? _exclusiveMaximum;
    private readonly int? _minLength;
    private readonly int? _minItems;
    private readonly int? _maxItems;
    private readonly int? _minProperties;
    private readonly bool _uniqueItems;
    private readonly Regex? _pattern;
    private readonly JsonSchema? _items;
    private readonly JsonSchema[]? _anyOf;
    private readonly bool _exactlyOne;

    private JsonSchema(StrictJson source, JsonSchema? root, string name)
    {
        _root = root ?? this;
        _name = name;
        if (source.Children.FirstOrDefault(keyword => !Keywords.Contains(keyword.Name!)) is StrictJson unknown)
        {
            throw new InvalidOperationException($"{unknown.Place}: keyword '{unknown.Path}' is not one this validator knows.");
        }

        _reference = source.Find("$ref")?.AsString();
        if (_reference is not null
            && source.Children.FirstOrDefault(keyword => keyword.Name is not ("$ref" or "description" or "default")) is StrictJson other)
        {
            throw new InvalidOperationException(
                $"{other.Place}: '{other.Path}' stands beside '$ref', where this validator would not look at it.");
        }

        _definitions = Map("$defs");
        _title = source.Find("title")?.AsString();
        _types = source.Find("type") is StrictJson type
            ? type.Kind == JsonValueKind.Array ? Strings("type") : [type.AsString()]
            : [];
        _kinds.UnionWith(_types.SelectMany(name => KindsOf(name, source["type"])));
        _enum = source.FindField("const") is StrictJson constant ? [constant] : source.Find("enum")?.Children.ToArray();
        (_minimum, _exclusiveMinimum) = (Number("minimum"), Number("exclusiveMinimum"));
        (_maximum, _exclusiveMaximum) = (Number("maximum"), Number("exclusiveMaximum"));
        _minLength = Count("minLength");
        _pattern = source.Find("pattern") is StrictJson pattern ? Compile(pattern.AsString()) : null;
        _properties = Map("properties");
        _required = Strings("required");
        StrictJson? additional = source.Find("additionalProperties");
        _otherProperties = additional?.Kind == JsonValueKind.Object ? Child(additional) : null;
        _closed = additional is not null && _otherProperties is null && !additional.AsBoolean();
        _minProperties = Count("minProperties");
        _items = source.Find("items") is StrictJson items ? Child(items) : null;
        (_minItems, _maxItems) = (Count("minItems"), Count("maxItems"));
        _uniqueItems = source.Find("uniqueItems")?.AsBoolean() ?? false;
        _exactlyOne = source.Find("oneOf") is not null;
        _anyOf = source.Find(_exactlyOne ? "oneOf" : "anyOf")?.AsArray(Child);

        JsonSchema Child(StrictJson child) => new(child, _root, _name);
        double? Number(string keyword) => source.Find(keyword)?.AsDouble();
        int? Count(string keyword) => source.Find(keyword)?.AsInt32();
        string[] Strings(string keyword) => source.Find(keyword)?.AsArray(item => item.AsString()) ?? [];
        Dictionary<string, JsonSchema> Map(string keyword) =>
            (source.Find(keyword)?.Children ?? []).ToDictionary(entry => entry.Name!, Child);
    }

    /// <summary>Loads a schema that messages call <paramref name="name"/>.</summary>
    public static JsonSchema Parse(string text, string name) =>
        new(StrictJsonParser.Parse(Encoding.UTF8.GetBytes(text), name, 1), null, name);

    /// <summary>Every fault of a document, or null where there is none.</summary>
    public List<string>? Validate(StrictJson value)
    {
        List<string>? faults = null;
        Validate(value, ref faults);
        return faults;
    }

    private static JsonValueKind[] KindsOf(string type, StrictJson keyword) => type switch
    {
        "object" => [JsonValueKind.Object],
        "array" => [JsonValueKind.Array],
        "string" => [JsonValueKind.String],
        "number" or "integer" => [JsonValueKind.Number],
        "boolean" => [JsonValueKind.True, JsonValueKind.False],
        "null" => [JsonValueKind.Null],
        _ => throw new InvalidOperationException($"{keyword.Place}: '{type}' is not a type of JSON Schema."),
    };

    // JSON Schema's patterns are ECMA-262's, where $ is the very end; .NET's $ also matches before a final line feed.
    private static Regex Compile(string pattern) => new(
        pattern.EndsWith('$') && !pattern.EndsWith("\\$", StringComparison.Ordinal) ? pattern[..^1] + "\\z" : pattern,
        RegexOptions.CultureInvariant | RegexOptions.Compiled);

    private JsonSchema Resolve()
    {
        if (_reference is null)
        {
            return this;
        }

        const string Local = "#/$defs/";
        if (_reference.StartsWith(Local, StringComparison.Ordinal)
            && _root._definitions.TryGetValue(_reference[Local.Length..], out JsonSchema? local))
        {
            return local;
        }

        const string Suffix = ".schema.json";
        return _reference.EndsWith(Suffix, StringComparison.Ordinal)
            ? FileSchema.Get(_reference[..^Suffix.Length])
            : throw new InvalidOperationException($"{_name}: '$ref' is \"{_reference}\"; must be {Local}NAME or NAME{Suffix}.");
    }

    private bool AcceptsKind(StrictJson value)
    {
        JsonSchema schema = Resolve();
        return (schema._kinds.Count == 0 || schema._kinds.Contains(value.Kind))
            && (value.Kind != JsonValueKind.Object
                || schema.Tags.All(tag => value.FindField(tag) is StrictJson name && schema._properties[tag].Validate(name) is null));
    }

    // The fields that name an object among others: required, with one value.
    private IEnumerable<string> Tags => _required.Where(name => _properties.TryGetValue(name, out JsonSchema? tag)
        && tag._enum?.Length == 1);

    private void Validate(StrictJson value, ref List<string>? faults)
    {
        if (_reference is not null)
        {
            Resolve().Validate(value, ref faults);
            return;
        }

        if (!FitsAsAWhole(value))
        {
            (faults ??= []).Add(value.Describe(Expected() + Hint(value)));
            return;
        }

        if (value.Kind == JsonValueKind.Object)
        {
            ValidateFields(value, ref faults);
        }
        else if (value.Kind == JsonValueKind.Array)
        {
            ValidateItems(value, ref faults);
        }

        if (_anyOf is not null)
        {
            ValidateChoice(value, ref faults);
        }
    }

    // The rules whose breach says that the value as a whole is something else.
    private bool FitsAsAWhole(StrictJson value) =>
        (_kinds.Count == 0 || _kinds.Contains(value.Kind))
        && (_enum is null || Array.Exists(_enum, allowed => SameScalar(allowed, value)))
        && value.Kind switch
        {
            JsonValueKind.Number => FitsRange(value),
            JsonValueKind.String => (_minLength is null || value.Text.EnumerateRunes().Count() >= _minLength)
                && _pattern?.IsMatch(value.Text) != false,
            _ => true,
        };

    private bool FitsRange(StrictJson value) =>
        double.TryParse(value.Text, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number)
            && (!_types.Contains("integer") || _types.Contains("number") || Math.Floor(number) == number)
            && !(number < _minimum) && !(number <= _exclusiveMinimum) && !(number > _maximum) && !(number >= _exclusiveMaximum);

    private void ValidateFields(StrictJson value, ref List<string>? faults)
    {
        foreach (StrictJson field in value.Children)
        {
            if (_properties.TryGetValue(field.Name!, out JsonSchema? schema))
            {
                schema.Validate(field, ref faults);
            }
            else if (_otherProperties is not null)
            {
                _otherProperties.Validate(field, ref faults);
            }
            else if (_closed)
            {
                (faults ??= []).Add($"{field.Place}: '{field.Path}' is not a known field; {KnownFields(field.Name!)}");
            }
        }

        foreach (string name in _required)
        {
            if (value.FindField(name) is null)
            {
                string expected = _properties.TryGetValue(name, out JsonSchema? schema) ? schema.Expected() : "a value";
                (faults ??= []).Add($"{value.Place}: '{value.Join(name)}' is missing; expected {expected}.");
            }
        }

        if (value.Children.Count < _minProperties)
        {
            (faults ??= []).Add(value.Describe(Expected()));
        }
    }

    private string KnownFields(string found) => Suggestion.For(found, _properties.Keys) is string suggestion
        ? $"did you mean '{suggestion}'?"
        : $"expected one of {string.Join(", ", _properties.Keys.Select(name => $"'{name}'"))}.";

    private void ValidateItems(StrictJson value, ref List<string>? faults)
    {
        if (value.Children.Count < _minItems || value.Children.Count > _maxItems)
        {
            (faults ??= []).Add(value.Describe(Expected()));
        }

        HashSet<(JsonValueKind, string)>? seen = _uniqueItems ? [] : null;
        foreach (StrictJson item in value.Children)
        {
            _items?.Validate(item, ref faults);
            if (seen?.Add((item.Kind, item.Text)) == false)
            {
                (faults ??= []).Add($"{item.Place}: '{item.Path}' is {item.Found}, which the array already has; expected every item once.");
            }
        }
    }

    private void ValidateChoice(StrictJson value, ref List<string>? faults)
    {
        int accepted = _anyOf!.Count(choice => choice.Validate(value) is null);
        if (_exactlyOne ? accepted == 1 : accepted > 0)
        {
            return;
        }

        // Where only one choice is of the value's kind, its own messages say more than "none of these".
        JsonSchema[] near = [.. _anyOf!.Where(choice => choice.AcceptsKind(value))];
        if (accepted == 0 && near.Length == 1 && _title is null)
        {
            near[0].Validate(value, ref faults);
        }
        else if (near.Length == 0 && value.Kind == JsonValueKind.Object && CommonTag() is string tag)
        {
            StrictJson[] names = [.. _anyOf!.Select(choice => choice.Resolve()._properties[tag]._enum![0])];
            string expected = $"one of {string.Join(", ", names.Select(name => name.Found))}";
            StrictJson? found = value.FindField(tag);
            (faults ??= []).Add(found is null
                ? $"{value.Place}: '{value.Join(tag)}' is missing; expected {expected}."
                : found.Describe(expected + Hint(found, names)));
        }
        else
        {
            (faults ??= []).Add(value.Describe(_title ?? string.Join(" or ", _anyOf!.Select(choice => choice.Expected()))));
        }
    }

    // The field that names every one of the choices.
    private string? CommonTag() =>
        _anyOf!.Select(choice => choice.Resolve().Tags).Aggregate((a, b) => a.Intersect(b, StringComparer.Ordinal)).FirstOrDefault();

    private string Hint(StrictJson value) => Hint(value, _enum);

    private static string Hint(StrictJson value, StrictJson[]? choices) =>
        choices?.Length > 1 && value.Kind == JsonValueKind.String
            && Suggestion.For(
                value.Text,
                choices.Where(allowed => allowed.Kind == JsonValueKind.String).Select(allowed => allowed.Text)) is string suggestion
            ? $"; did you mean \"{suggestion}\"?"
            : "";

    private static bool SameScalar(StrictJson a, StrictJson b) =>
        a.Kind == b.Kind && (a.Kind == JsonValueKind.Number ? a.AsDouble() == b.AsDouble() : a.Text == b.Text);
}
