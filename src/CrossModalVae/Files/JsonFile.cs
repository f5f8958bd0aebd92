using System.Text;
using System.Text.Json.Nodes;

namespace CrossModalVae.Files;

/// <summary>
/// The one way our JSON and JSON Lines files are read and written. Reading is strict: UTF-8 (a byte-order mark and \r\n are accepted), no
/// field twice, and everything checked against the file's schema before anybody sees it. Writing is deterministic (\n, no byte-order mark),
/// checked against the same schema, and atomic: no reader ever sees half a file.
/// </summary>
public static class JsonFile
{
    /// <summary>Reads a document and checks it against its schema.</summary>
    /// <param name="path">The file.</param>
    /// <param name="schema">A schema's name, see <see cref="FileSchema"/>.</param>
    /// <returns>The document.</returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file does not follow the schema; a line for every fault, each with file,
    /// line, field, found and expected.</exception>
    public static StrictJson Read(string path, string schema)
    {
        byte[] content;
        using (Stream stream = InputFile.Open(path, $"a {schema} file"))
        {
            content = new byte[stream.Length];
            stream.ReadExactly(content);
        }

        return Parse(content, path, schema);
    }

    /// <summary>Reads a document from text and checks it against its schema.</summary>
    /// <param name="json">The text.</param>
    /// <param name="place">What messages call it.</param>
    /// <param name="schema">A schema's name.</param>
    /// <exception cref="InvalidDataException">The text does not follow the schema.</exception>
    public static StrictJson Parse(string json, string place, string schema)
    {
        ArgumentNullException.ThrowIfNull(json);
        return Parse(Encoding.UTF8.GetBytes(json), place, schema);
    }

    /// <summary>
    /// Reads a JSON Lines file line by line, each checked against its schema, with one line in memory at a time. Blank lines are refused:
    /// they are the trace of a broken write or a bad merge. The file is opened when the enumeration begins.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="schema">A schema's name.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">A line does not follow the schema.</exception>
    public static IEnumerable<StrictJson> ReadLines(string path, string schema)
    {
        using Stream stream = InputFile.Open(path, $"a file of {schema}s");
        foreach (StrictJson line in ReadLines(stream, path, schema))
        {
            yield return line;
        }
    }

    /// <summary>The same of a stream, which may be a part of the file.</summary>
    internal static IEnumerable<StrictJson> ReadLines(Stream stream, string path, string schema)
    {
        JsonSchema validator = FileSchema.Get(schema);
        var lines = new Utf8Lines(stream, path);
        while (NextLine(lines, path, out StrictJson? value))
        {
            List<string>? faults = validator.Validate(value!);
            if (faults is not null)
            {
                throw new InvalidDataException(string.Join('\n', faults));
            }

            yield return value!;
        }
    }

    /// <summary>A document to be filled, with its field <c>schema</c> in place.</summary>
    /// <param name="schema">A schema's name.</param>
    public static JsonObject Start(string schema) => new() { ["schema"] = FileSchema.Id(schema) };

    /// <summary>Writes a document, indented.</summary>
    /// <param name="path">The file; its folder is created where missing.</param>
    /// <param name="schema">A schema's name.</param>
    /// <param name="content">The document; fields are written in the order they were added.</param>
    /// <exception cref="ArgumentException">The content does not follow the schema or holds a number that is not finite.</exception>
    /// <exception cref="IOException">The file cannot be written; it is as it was before.</exception>
    public static void Write(string path, string schema, JsonObject content) => AtomicFile.WriteAllText(path, Text(path, schema, content));

    /// <summary>What <see cref="Write"/> writes.</summary>
    /// <param name="place">What messages call the document.</param>
    /// <param name="schema">A schema's name.</param>
    /// <param name="content">The document.</param>
    /// <exception cref="ArgumentException">The content does not follow the schema or holds a number that is not finite.</exception>
    public static string Text(string place, string schema, JsonObject content)
    {
        ArgumentNullException.ThrowIfNull(content);
        string text = JsonText.Indented(content);
        CheckOwn(text, place, 1, schema);
        return text;
    }

    /// <summary>Writes a JSON Lines file, one line in memory at a time.</summary>
    /// <param name="path">The file; its folder is created where missing.</param>
    /// <param name="schema">A schema's name.</param>
    /// <param name="lines">The lines.</param>
    /// <returns>How many lines were written.</returns>
    /// <exception cref="ArgumentException">A line does not follow the schema or holds a number that is
    /// not finite; nothing is written.</exception>
    /// <exception cref="IOException">The file cannot be written; it is as it was before.</exception>
    public static int WriteLines(string path, string schema, IEnumerable<JsonObject> lines)
    {
        ArgumentNullException.ThrowIfNull(lines);
        int count = 0;
        AtomicFile.Write(path, stream =>
        {
            foreach (JsonObject line in lines)
            {
                stream.Write(Line(path, ++count, schema, line));
            }
        });
        return count;
    }

    /// <summary>One line of a JSON Lines file with its line feed, checked; for writers that append.</summary>
    internal static byte[] Line(string path, int number, string schema, JsonObject line)
    {
        string text = JsonText.Compact(line);
        CheckOwn(text, path, number, schema);
        return Encoding.UTF8.GetBytes(text + "\n");
    }

    private static StrictJson Parse(byte[] content, string place, string schema)
    {
        ReadOnlySpan<byte> utf8 = content;
        if (utf8.StartsWith("\uFEFF"u8))
        {
            utf8 = utf8[3..];
        }

        if (utf8.Trim(" \t\r\n"u8).IsEmpty)
        {
            throw new InvalidDataException($"{place}: is empty; expected a {schema} file.");
        }

        StrictJson value = StrictJsonParser.Parse(utf8, place, 1);
        FileSchema.Check(schema, value);
        return value;
    }

    private static bool NextLine(Utf8Lines lines, string path, out StrictJson? value)
    {
        if (!lines.Next(out ReadOnlySpan<byte> line))
        {
            value = null;
            return false;
        }

        value = line.Trim(" \t"u8).IsEmpty
            ? throw new InvalidDataException(
                $"{path}: line {lines.LineNumber.ToString(CultureInfo.InvariantCulture)}: is blank; expected one JSON object a line.")
            : StrictJsonParser.Parse(line, path, lines.LineNumber);
        return true;
    }

    private static void CheckOwn(string text, string place, int line, string schema)
    {
        List<string>? faults = FileSchema.Get(schema).Validate(StrictJsonParser.Parse(Encoding.UTF8.GetBytes(text), place, line));
        if (faults is not null)
        {
            throw new ArgumentException(
                $"What was to be written does not follow {schema}.schema.json: {string.Join('\n', faults)}", nameof(text));
        }
    }
}
