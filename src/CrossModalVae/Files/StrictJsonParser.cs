using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace CrossModalVae.Files;

/// <summary>
/// Parses bytes into <see cref="StrictJson"/>: strictly RFC 8259 (no comments, no trailing commas), UTF-8 only, no duplicate field.
/// </summary>
internal ref struct StrictJsonParser
{
    private readonly string _file;
    private readonly ReadOnlySpan<byte> _utf8;
    private Utf8JsonReader _reader;
    private int _line;
    private int _counted;

    private StrictJsonParser(ReadOnlySpan<byte> utf8, string file, int firstLine)
    {
        _file = file;
        _utf8 = utf8;
        _line = firstLine;
        _reader = new Utf8JsonReader(utf8, isFinalBlock: true, state: default);
    }

    /// <summary>Reads one value that fills the whole text, which has no byte-order mark and starts on a one-based line.</summary>
    /// <exception cref="InvalidDataException">The text is no JSON, no UTF-8, or names a field twice.</exception>
    public static StrictJson Parse(ReadOnlySpan<byte> utf8, string file, int firstLine)
    {
        if (!Utf8.IsValid(utf8))
        {
            Utf8.ToUtf16(utf8, new char[utf8.Length], out int valid, out _, replaceInvalidSequences: false);
            throw new InvalidDataException(
                $"{file}: line {firstLine + utf8[..valid].Count((byte)'\n')}: is not valid UTF-8; expected JSON in UTF-8.");
        }

        var parser = new StrictJsonParser(utf8, file, firstLine);
        try
        {
            parser._reader.Read();
            StrictJson value = parser.ReadValue(null, null, 0);
            parser._reader.Read(); // fails where anything follows
            return value;
        }
        catch (JsonException e)
        {
            // The reader's own message ends with a position that counts from 0 and from the start of this piece of text.
            string reason = e.Message;
            int position = reason.IndexOf(" LineNumber:", StringComparison.Ordinal);
            reason = position < 0 ? reason : reason[..position];
            throw new InvalidDataException(
                $"{file}: line {(firstLine + (int)(e.LineNumber ?? 0))}, "
                + $"byte {((int)(e.BytePositionInLine ?? 0) + 1)}: is not JSON: {reason}",
                e);
        }
    }

    private StrictJson ReadValue(StrictJson? parent, string? name, int index)
    {
        int line = LineHere();
        JsonTokenType token = _reader.TokenType;
        JsonValueKind kind = token switch
        {
            JsonTokenType.StartObject => JsonValueKind.Object,
            JsonTokenType.StartArray => JsonValueKind.Array,
            JsonTokenType.String => JsonValueKind.String,
            JsonTokenType.Number => JsonValueKind.Number,
            JsonTokenType.True => JsonValueKind.True,
            JsonTokenType.False => JsonValueKind.False,
            _ => JsonValueKind.Null,
        };
        string text = kind switch
        {
            JsonValueKind.String => ReadText(line),
            JsonValueKind.Number => Encoding.ASCII.GetString(_reader.ValueSpan),
            _ => "",
        };
        var value = new StrictJson(_file, line, parent, name, index, kind, text);
        if (kind == JsonValueKind.Object)
        {
            ReadFields(value);
        }
        else if (kind == JsonValueKind.Array)
        {
            for (int i = 0; _reader.Read() && _reader.TokenType != JsonTokenType.EndArray; i++)
            {
                value.Add(ReadValue(value, null, i));
            }
        }

        return value;
    }

    private void ReadFields(StrictJson owner)
    {
        HashSet<string>? names = null;
        while (_reader.Read() && _reader.TokenType != JsonTokenType.EndObject)
        {
            int line = LineHere();
            string name = ReadText(line);

            // Few fields are compared one by one; for many that would be quadratic.
            bool known = owner.Children.Count < 32
                ? owner.FindField(name) is not null
                : !(names ??= [.. owner.Children.Select(child => child.Name!)]).Add(name);
            if (known)
            {
                throw new InvalidDataException(
                    $"{_file}: line {line}: '{owner.Join(name)}' is given twice, "
                    + $"first on line {owner.FindField(name)!.Line}; expected once.");
            }

            _reader.Read();
            owner.Add(ReadValue(owner, name, 0));
        }
    }

    private string ReadText(int line)
    {
        try
        {
            return _reader.GetString()!;
        }
        catch (InvalidOperationException e)
        {
            // The bytes are valid UTF-8, so only an escape can be wrong.
            throw new InvalidDataException(
                $"{_file}: line {line}: a \\u escape is half of a surrogate pair; expected both halves.", e);
        }
    }

    private int LineHere()
    {
        int start = (int)_reader.TokenStartIndex;
        _line += _utf8[_counted..start].Count((byte)'\n');
        _counted = start;
        return _line;
    }
}
