using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace CrossModalVae.Files;

/// <summary>
/// A validator for the part of JSON Schema 2020-12 that data-schemas/ uses. A keyword outside that part is refused when the schema is
/// loaded, so that nothing is ever silently unchecked. Its complaints name file, line, field, found and expected; where a rule's own words
/// would be unreadable (a pattern, a choice) the schema's <c>title</c> says what is expected.
/// </summary>
internal sealed class JsonSchema
{
    private readonly JsonSchema _root;
    private readonly string _name;
    private readonly Dictionary<string, JsonSchema> _definitions = [];
    private readonly Dictionary<string, JsonSchema> _properties = [];
    private readonly HashSet<JsonValueKind> _kinds = [];
    private readonly List<string> _types = [];
    private string? _title;
    private string? _reference;
    private string[] _required = [];
    private bool _closed;
    private JsonSchema? _otherProperties;
    private bool _integer;
    private StrictJson[]? _enum;
    private double? _minimum;
    private double? _exclusiveMinimum;
    private double? _maximum;
    private double? _exclusiveMaximum;
    private int? _minLength;
    private int? _minItems;
    private int? _maxItems;
    private int? _minProperties;
    private bool _uniqueItems;
    private Regex? _pattern;
    private JsonSchema? _items;
    private JsonSchema[]? _anyOf;
    private bool _exactlyOne;

    private JsonSchema(StrictJson source, JsonSchema? root, string name)
    {
        _root = root ?? this;
        _name = name;
        foreach (StrictJson keyword in source.Children)
        {
            Load(keyword);
        }

        if (_reference is not null
            && source.Children.FirstOrDefault(keyword => keyword.Name is not ("$ref" or "description" or "default")) is StrictJson other)
        {
            throw new InvalidOperationException(
                $"{other.Place}: '{other.Path}' stands beside '$ref', where this validator would not look at it.");
        }
    }

    /// <summary>Loads a schema.</summary>
    /// <param name="text">Its JSON.</param>
    /// <param name="name">What messages call it.</param>
    public static JsonSchema Parse(string text, string name) =>
        new(StrictJsonParser.Parse(Encoding.UTF8.GetBytes(text), name, 1), null, name);

    /// <summary>Every fault of a document, or null where there is none.</summary>
    /// <param name="value">The document.</param>
    public List<string>? Validate(StrictJson value)
    {
        List<string>? faults = null;
        Validate(value, ref faults);
        return faults;
    }

    private void Load(StrictJson keyword)
    {
        switch (keyword.Name)
        {
            case "$schema" or "$id" or "$comment" or "description" or "default" or "examples":
                break;
            case "title":
                _title = keyword.AsString();
                break;
            case "$defs":
                LoadMap(keyword, _definitions);
                break;
            case "$ref":
                _reference = keyword.AsString();
                break;
            case "type":
                _types.AddRange(keyword.Kind == JsonValueKind.Array ? keyword.AsArray(item => item.AsString()) : [keyword.AsString()]);
                foreach (string type in _types)
                {
                    AddKind(type, keyword);
                }

                break;
            case "properties":
                LoadMap(keyword, _properties);
                break;
            case "required":
                _required = keyword.AsArray(item => item.AsString());
                break;
            case "additionalProperties" when keyword.Kind == JsonValueKind.Object:
                _otherProperties = new JsonSchema(keyword, _root, _name);
                break;
            case "additionalProperties":
                _closed = !keyword.AsBoolean();
                break;
            case "enum":
                _enum = [.. keyword.Children];
                break;
            case "const":
                _enum = [keyword];
                break;
            case "minimum":
                _minimum = keyword.AsDouble();
                break;
            case "exclusiveMinimum":
                _exclusiveMinimum = keyword.AsDouble();
                break;
            case "maximum":
                _maximum = keyword.AsDouble();
                break;
            case "exclusiveMaximum":
                _exclusiveMaximum = keyword.AsDouble();
                break;
            case "minLength":
                _minLength = keyword.AsInt32();
                break;
            case "pattern":
                _pattern = Compile(keyword.AsString());
                break;
            case "items":
                _items = new JsonSchema(keyword, _root, _name);
                break;
            case "minItems":
                _minItems = keyword.AsInt32();
                break;
            case "maxItems":
                _maxItems = keyword.AsInt32();
                break;
            case "minProperties":
                _minProperties = keyword.AsInt32();
                break;
            case "uniqueItems":
                _uniqueItems = keyword.AsBoolean();
                break;
            case "anyOf" or "oneOf":
                _anyOf = keyword.AsArray(item => new JsonSchema(item, _root, _name));
                _exactlyOne = keyword.Name == "oneOf";
                break;
            default:
                throw new InvalidOperationException($"{keyword.Place}: keyword '{keyword.Path}' is not one this validator knows.");
        }
    }

    private void LoadMap(StrictJson keyword, Dictionary<string, JsonSchema> map)
    {
        foreach (StrictJson entry in keyword.Children)
        {
            map.Add(entry.Name!, new JsonSchema(entry, _root, _name));
        }
    }

    private void AddKind(string type, StrictJson keyword)
    {
        JsonValueKind[] kinds = type switch
        {
            "object" => [JsonValueKind.Object],
            "array" => [JsonValueKind.Array],
            "string" => [JsonValueKind.String],
            "number" or "integer" => [JsonValueKind.Number],
            "boolean" => [JsonValueKind.True, JsonValueKind.False],
            "null" => [JsonValueKind.Null],
            _ => throw new InvalidOperationException($"{keyword.Place}: '{type}' is not a type of JSON Schema."),
        };
        _integer |= type == "integer";
        _kinds.UnionWith(kinds);
    }

    /// <summary>JSON Schema's patterns are ECMA-262's, where $ is the very end; .NET's $ would also pass before a last line feed.</summary>
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

    private bool Accepts(StrictJson value)
    {
        List<string>? faults = null;
        Validate(value, ref faults);
        return faults is null;
    }

    private bool AcceptsKind(StrictJson value)
    {
        JsonSchema schema = Resolve();
        return schema._kinds.Count == 0 || schema._kinds.Contains(value.Kind);
    }

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

    /// <summary>The rules whose breach says that the value as a whole is something else.</summary>
    private bool FitsAsAWhole(StrictJson value)
    {
        if (_kinds.Count > 0 && !_kinds.Contains(value.Kind))
        {
            return false;
        }

        if (_enum is not null && !Array.Exists(_enum, allowed => SameScalar(allowed, value)))
        {
            return false;
        }

        return value.Kind switch
        {
            JsonValueKind.Number => FitsRange(value),
            JsonValueKind.String => (_minLength is null || LengthInRunes(value.Text) >= _minLength)
                && _pattern?.IsMatch(value.Text) != false,
            _ => true,
        };
    }

    private bool FitsRange(StrictJson value)
    {
        if (!double.TryParse(value.Text, System.Globalization.CultureInfo.InvariantCulture, out double number) || !double.IsFinite(number))
        {
            return false;
        }

        return (!_integer || _types.Contains("number") || Math.Floor(number) == number)
            && !(number < _minimum) && !(number <= _exclusiveMinimum) && !(number > _maximum) && !(number >= _exclusiveMaximum);
    }

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
        int accepted = _anyOf!.Count(choice => choice.Accepts(value));
        if (_exactlyOne ? accepted == 1 : accepted > 0)
        {
            return;
        }

        // Where only one choice is of the value's kind, its own complaints say more than "none of these".
        JsonSchema[] near = [.. _anyOf!.Where(choice => choice.AcceptsKind(value))];
        if (accepted == 0 && near.Length == 1 && _title is null)
        {
            near[0].Validate(value, ref faults);
        }
        else
        {
            (faults ??= []).Add(value.Describe(_title ?? string.Join(" or ", _anyOf!.Select(choice => choice.Expected()))));
        }
    }

    private string Hint(StrictJson value) =>
        _enum?.Length > 1 && value.Kind == JsonValueKind.String
            && Suggestion.For(
                value.Text,
                _enum.Where(allowed => allowed.Kind == JsonValueKind.String).Select(allowed => allowed.Text)) is string suggestion
            ? $"; did you mean \"{suggestion}\"?"
            : "";

    /// <summary>What is expected, in words.</summary>
    private string Expected() => _reference is null ? JsonSchemaWords.Expected(
        _title,
        _enum?.Select(allowed => allowed.Found),
        _anyOf?.Select(choice => choice.Expected()),
        _types,
        (_minimum, _exclusiveMinimum, _maximum, _exclusiveMaximum),
        (_minItems, _maxItems, _items?.Expected()),
        _minLength > 0) : Resolve().Expected();

    private static bool SameScalar(StrictJson a, StrictJson b) =>
        a.Kind == b.Kind && (a.Kind == JsonValueKind.Number ? a.AsDouble() == b.AsDouble() : a.Text == b.Text);

    private static int LengthInRunes(string text) => text.EnumerateRunes().Count();
}
