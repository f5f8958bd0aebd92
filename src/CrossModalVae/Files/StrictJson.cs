using System.Text.Json;

namespace CrossModalVae.Files;

/// <summary>
/// A JSON value that knows where it stands, so that every complaint about it names file, line and field. Readers get it from
/// <see cref="JsonFile"/>, already checked against the file's schema; what a schema cannot express is refused by <see cref="Fault"/>.
/// </summary>
public sealed class StrictJson
{
    private const int LongestQuote = 60;

    private readonly StrictJson? _parent;
    private readonly int _index;
    private readonly string _text;
    private readonly List<StrictJson>? _children;

    internal StrictJson(string file, int line, StrictJson? parent, string? name, int index, JsonValueKind kind, string text)
    {
        File = file;
        Line = line;
        _parent = parent;
        Name = name;
        _index = index;
        Kind = kind;
        _text = text;
        _children = kind is JsonValueKind.Object or JsonValueKind.Array ? [] : null;
    }

    /// <summary>The file as its reader was given it.</summary>
    public string File { get; }

    /// <summary>The one-based line the value starts on.</summary>
    public int Line { get; }

    /// <summary>The field's name where the value belongs to an object.</summary>
    public string? Name { get; }

    /// <summary>What kind of value it is.</summary>
    public JsonValueKind Kind { get; }

    /// <summary>
    /// Where the value stands in its document, as in <c>voice.hop_s</c> or <c>faces[2]</c>; empty for the document itself.
    /// </summary>
    public string Path
    {
        get
        {
            if (_parent is null)
            {
                return "";
            }

            string above = _parent.Path;
            return Name is null
                ? $"{above}[{_index.ToString(CultureInfo.InvariantCulture)}]"
                : above.Length == 0 ? JsonText.Shown(Name) : $"{above}.{JsonText.Shown(Name)}";
        }
    }

    /// <summary>An array's items or an object's fields, in file order; empty for anything else.</summary>
    public IReadOnlyList<StrictJson> Children => _children ?? [];

    /// <summary>Whether the value is null.</summary>
    public bool IsNull => Kind == JsonValueKind.Null;

    /// <summary>A string's value, a number as it is written; empty for anything else.</summary>
    internal string Text => _text;

    /// <summary>A field that must be there.</summary>
    /// <param name="name">The field.</param>
    /// <exception cref="InvalidDataException">There is no such field.</exception>
    public StrictJson this[string name] => FindField(name)
        ?? throw new InvalidDataException($"{Place}: '{Join(name)}' is missing.");

    /// <summary>A field that may be absent or null, null in both cases.</summary>
    /// <param name="name">The field.</param>
    public StrictJson? Find(string name) => FindField(name) is { IsNull: false } field ? field : null;

    /// <summary>The value of a string.</summary>
    /// <exception cref="InvalidDataException">The value is no string.</exception>
    public string AsString() => Kind == JsonValueKind.String ? _text : throw Fault("a string");

    /// <summary>The value of true or false.</summary>
    /// <exception cref="InvalidDataException">The value is neither.</exception>
    public bool AsBoolean() =>
        Kind is JsonValueKind.True or JsonValueKind.False ? Kind == JsonValueKind.True : throw Fault("true or false");

    /// <summary>The value of a number.</summary>
    /// <exception cref="InvalidDataException">The value is no number that a double can hold.</exception>
    public double AsDouble()
    {
        if (Kind != JsonValueKind.Number)
        {
            throw Fault("a number");
        }

        double value = double.Parse(_text, NumberStyles.Float, CultureInfo.InvariantCulture);
        return double.IsFinite(value) ? value : throw Fault("a number that a double can hold");
    }

    /// <summary>The value of a number, rounded to the nearest float.</summary>
    /// <exception cref="InvalidDataException">The value is no number that a float can hold.</exception>
    public float AsSingle()
    {
        if (Kind != JsonValueKind.Number)
        {
            throw Fault("a number");
        }

        float value = float.Parse(_text, NumberStyles.Float, CultureInfo.InvariantCulture);
        return float.IsFinite(value) ? value : throw Fault("a number that a float can hold");
    }

    /// <summary>The value of a whole number (3, 3.0 and 3e0 are the same, as in JSON Schema).</summary>
    /// <exception cref="InvalidDataException">The value is no whole number of 64 bits.</exception>
    public long AsInt64()
    {
        if (Kind == JsonValueKind.Number)
        {
            if (long.TryParse(_text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value))
            {
                return value;
            }

            if (decimal.TryParse(_text, NumberStyles.Float, CultureInfo.InvariantCulture, out decimal number)
                && decimal.IsInteger(number) && number is >= long.MinValue and <= long.MaxValue)
            {
                return (long)number;
            }
        }

        throw Fault("a whole number of 64 bits");
    }

    /// <summary>The value of a whole number.</summary>
    /// <exception cref="InvalidDataException">The value is no whole number of 32 bits.</exception>
    public int AsInt32()
    {
        long value = AsInt64();
        return value is >= int.MinValue and <= int.MaxValue ? (int)value : throw Fault("a whole number of 32 bits");
    }

    /// <summary>The member of an enum that a kebab-case string names.</summary>
    /// <typeparam name="T">The enum.</typeparam>
    /// <exception cref="InvalidDataException">The value names none.</exception>
    public T AsEnum<T>()
        where T : struct, Enum
    {
        if (Kind == JsonValueKind.String && EnumText.TryParse(_text, out T value))
        {
            return value;
        }

        throw Fault($"one of {string.Join(", ", EnumText.All<T>().Select(name => $"\"{name}\""))}");
    }

    /// <summary>An array's items as something else.</summary>
    /// <param name="convert">What to make of an item.</param>
    /// <typeparam name="T">What an item becomes.</typeparam>
    /// <exception cref="InvalidDataException">The value is no array.</exception>
    public T[] AsArray<T>(Func<StrictJson, T> convert) =>
        Kind == JsonValueKind.Array ? [.. Children.Select(convert)] : throw Fault("an array");

    /// <summary>A complaint about this value, to be thrown: file, line, field, found, expected.</summary>
    /// <param name="expected">What should stand there, as in <c>a number above 0</c>.</param>
    public InvalidDataException Fault(string expected) => new(Describe(expected));

    internal string Place => $"{File}: line {Line.ToString(CultureInfo.InvariantCulture)}";

    /// <summary>What stands there, short enough for a message.</summary>
    internal string Found => Kind switch
    {
        JsonValueKind.String => JsonText.Quote(_text.Length <= LongestQuote ? _text : _text[..LongestQuote] + "..."),
        JsonValueKind.Number => _text.Length <= LongestQuote ? _text : $"{_text[..LongestQuote]}...",
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        JsonValueKind.Null => "null",
        JsonValueKind.Object => "an object",
        _ => _children!.Count switch
        {
            0 => "an empty array",
            1 => "an array of 1 item",
            int count => $"an array of {count.ToString(CultureInfo.InvariantCulture)} items",
        },
    };

    internal string Describe(string expected)
    {
        string path = Path;
        string what = path.Length == 0 ? "found" : $"'{path}' is";
        string end = expected.EndsWith('?') ? "" : ".";
        return $"{Place}: {what} {Found}; expected {expected}{end}";
    }

    internal string Join(string name)
    {
        string path = Path;
        return path.Length == 0 ? JsonText.Shown(name) : $"{path}.{JsonText.Shown(name)}";
    }

    internal StrictJson? FindField(string name)
    {
        if (Kind == JsonValueKind.Object)
        {
            foreach (StrictJson child in _children!)
            {
                if (child.Name == name)
                {
                    return child;
                }
            }
        }

        return null;
    }

    internal void Add(StrictJson child) => _children!.Add(child);
}
