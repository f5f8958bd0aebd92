using System.Numerics;
using System.Text.Json;

namespace CrossModalVae.Files;

/// <summary>
/// A JSON value that knows its file, line and field, so that every message about it names them. Readers get it from <see cref="JsonFile"/>,
/// already checked against the file's schema; what a schema cannot express is refused by <see cref="Fault"/>. Every <c>As...</c> method
/// throws <see cref="InvalidDataException"/> where the value is something else.
/// </summary>
internal sealed class StrictJson
{
    private const int LongestQuote = 60;

    private readonly StrictJson? _parent;
    private readonly int _index;
    private readonly List<StrictJson> _children = [];

    public StrictJson(string file, int line, StrictJson? parent, string? name, int index, JsonValueKind kind, string text)
    {
        (File, Line, Name, Kind, Text) = (file, line, name, kind, text);
        (_parent, _index) = (parent, index);
    }

    /// <summary>The file as its reader was given it.</summary>
    public string File { get; }

    /// <summary>The one-based line that the value starts on.</summary>
    public int Line { get; }

    /// <summary>The field's name where the value belongs to an object.</summary>
    public string? Name { get; }

    public JsonValueKind Kind { get; }

    /// <summary>A string's value, a number as it is written; empty for anything else.</summary>
    public string Text { get; }

    /// <summary>
    /// Where the value stands in its document, as in <c>voice.hop_s</c> or <c>faces[2]</c>; empty for the document itself.
    /// </summary>
    public string Path => _parent is null ? ""
        : Name is not null ? _parent.Join(Name)
        : $"{_parent.Path}[{_index}]";

    /// <summary>An array's items or an object's fields, in file order; empty for anything else.</summary>
    public IReadOnlyList<StrictJson> Children => _children;

    public bool IsNull => Kind == JsonValueKind.Null;

    public string Place => $"{File}: line {Line}";

    /// <summary>The value, short enough for a message.</summary>
    public string Found => Kind switch
    {
        JsonValueKind.String => JsonText.Quote(Text.Length <= LongestQuote ? Text : Text[..LongestQuote] + "..."),
        JsonValueKind.Number => Text.Length <= LongestQuote ? Text : $"{Text[..LongestQuote]}...",
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        JsonValueKind.Null => "null",
        JsonValueKind.Object => "an object",
        _ => _children.Count switch
        {
            0 => "an empty array",
            1 => "an array of 1 item",
            int count => $"an array of {count} items",
        },
    };

    /// <summary>A field that must be there.</summary>
    /// <exception cref="InvalidDataException">There is no such field.</exception>
    public StrictJson this[string name] => FindField(name) ?? throw new InvalidDataException($"{Place}: '{Join(name)}' is missing.");

    /// <summary>A field, or null where it is absent or null.</summary>
    public StrictJson? Find(string name) => FindField(name) is { IsNull: false } field ? field : null;

    /// <summary>A field, which may be null, or null where it is absent.</summary>
    public StrictJson? FindField(string name)
    {
        foreach (StrictJson child in _children)
        {
            if (child.Name == name)
            {
                return child;
            }
        }

        return null;
    }

    public string AsString() => Kind == JsonValueKind.String ? Text : throw Fault("a string");

    public bool AsBoolean() =>
        Kind is JsonValueKind.True or JsonValueKind.False ? Kind == JsonValueKind.True : throw Fault("true or false");

    public double AsDouble() => AsFinite<double>("double");

    /// <summary>A number, rounded to the nearest float.</summary>
    public float AsSingle() => AsFinite<float>("float");

    /// <summary>A whole number (3, 3.0 and 3e0 are the same, as in JSON Schema).</summary>
    public long AsInt64()
    {
        if (Kind == JsonValueKind.Number)
        {
            if (long.TryParse(Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value))
            {
                return value;
            }

            if (decimal.TryParse(Text, NumberStyles.Float, CultureInfo.InvariantCulture, out decimal number)
                && decimal.IsInteger(number) && number is >= long.MinValue and <= long.MaxValue)
            {
                return (long)number;
            }
        }

        throw Fault("a whole number of 64 bits");
    }

    public int AsInt32() =>
        AsInt64() is >= int.MinValue and <= int.MaxValue and long value ? (int)value : throw Fault("a whole number of 32 bits");

    /// <summary>The member of an enum that a kebab-case string names.</summary>
    public T AsEnum<T>()
        where T : struct, Enum => Kind == JsonValueKind.String && EnumText.TryParse(Text, out T value)
            ? value
            : throw Fault($"one of {string.Join(", ", EnumText.All<T>().Select(name => $"\"{name}\""))}");

    public T[] AsArray<T>(Func<StrictJson, T> convert) =>
        Kind == JsonValueKind.Array ? [.. _children.Select(convert)] : throw Fault("an array");

    /// <summary>An exception about this value, to be thrown: file, line, field, found, expected.</summary>
    /// <param name="expected">As in <c>a number above 0</c>.</param>
    public InvalidDataException Fault(string expected) => new(Describe(expected));

    public string Describe(string expected)
    {
        string path = Path;
        string what = path.Length == 0 ? "found" : $"'{path}' is";
        string end = expected.EndsWith('?') ? "" : ".";
        return $"{Place}: {what} {Found}; expected {expected}{end}";
    }

    /// <summary>The path of a field of this object.</summary>
    public string Join(string name) => Path is { Length: > 0 } path ? $"{path}.{JsonText.Shown(name)}" : JsonText.Shown(name);

    public void Add(StrictJson child) => _children.Add(child);

    private T AsFinite<T>(string type)
        where T : struct, IFloatingPoint<T>
    {
        T value = Kind == JsonValueKind.Number
            ? T.Parse(Text, NumberStyles.Float, CultureInfo.InvariantCulture)
            : throw Fault("a number");
        return T.IsFinite(value) ? value : throw Fault($"a number that a {type} can hold");
    }
}
