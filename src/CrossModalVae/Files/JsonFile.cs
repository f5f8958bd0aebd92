using System.Text;
using System.Text.Json.Nodes;

namespace CrossModalVae.Files;

/// <summary>
/// Reads and writes all JSON and JSON Lines files. Reading is strict: UTF-8 (a byte-order mark and \r\n are accepted), no duplicate field,
/// and the whole content is checked against the file's schema; a message has a line for every fault, each with file, line, field, found and
/// expected. Writing is deterministic (\n, no byte-order mark), checked against the same schema, and atomic.
/// </summary>
internal static class JsonFile
{
    /// <summary>Reads a document.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file does not follow the schema.</exception>
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

    /// <summary>Reads a document from text, which messages call <paramref name="place"/>.</summary>
    /// <exception cref="InvalidDataException">The text does not follow the schema.</exception>
    public static StrictJson Parse(string json, string place, string schema)
    {
        ArgumentNullException.ThrowIfNull(json);
        return Parse(Encoding.UTF8.GetBytes(json), place, schema);
    }

    /// <summary>
    /// Reads a JSON Lines file, one line in memory at a time. Blank lines are refused: they are the trace of a broken write or a bad merge.
    /// The file is opened when the enumeration begins.
    /// </summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">A line does not follow the schema.</exception>
    public static IEnumerable<StrictJson> ReadLines(string path, string schema) => ReadLines(path, schema, header: null);

    /// <summary>The same of a file whose first line may follow another schema; it does where it has a certain field.</summary>
    public static IEnumerable<StrictJson> ReadLines(string path, string schema, (string Field, string Schema)? header)
    {
        using Stream stream = InputFile.Open(path, $"a file of {schema}s");
        var lines = new Utf8Lines(stream, path);
        while (NextLine(lines, path, schema, header) is StrictJson value)
        {
            yield return value;
        }
    }

    /// <summary>Reads the lines of a stream, which may be a part of the file.</summary>
    public static IEnumerable<StrictJson> ReadLines(Stream stream, string path, string schema)
    {
        var lines = new Utf8Lines(stream, path);
        while (NextLine(lines, path, schema, header: null) is StrictJson value)
        {
            yield return value;
        }
    }

    /// <summary>A document to be filled, with its field <c>schema</c> in place.</summary>
    public static JsonObject Start(string schema) => new() { ["schema"] = FileSchema.Id(schema) };

    /// <summary>Writes a document, indented; its folder is created where missing.</summary>
    /// <exception cref="ArgumentException">The content does not follow the schema or holds a number that is not finite.</exception>
    /// <exception cref="IOException">The file cannot be written; it is as it was before.</exception>
    public static void Write(string path, string schema, JsonObject content) => AtomicFile.WriteAllText(path, Text(path, schema, content));

    /// <summary>The text that <see cref="Write"/> writes; messages call it <paramref name="place"/>.</summary>
    public static string Text(string place, string schema, JsonObject content)
    {
        ArgumentNullException.ThrowIfNull(content);
        string text = JsonText.Indented(content);
        CheckOwn(text, place, 1, schema);
        return text;
    }

    /// <summary>Writes a JSON Lines file, one line in memory at a time, after a header line of another schema where one is given.</summary>
    /// <returns>How many lines were written, without the header.</returns>
    /// <exception cref="ArgumentException">A line does not follow the schema or holds a number that is not finite; nothing is
    /// written.</exception>
    /// <exception cref="IOException">The file cannot be written; it is as it was before.</exception>
    public static int WriteLines(
        string path, string schema, IEnumerable<JsonObject> lines, (string Schema, JsonObject Line)? header = null)
    {
        ArgumentNullException.ThrowIfNull(lines);
        int count = 0;
        AtomicFile.Write(path, stream =>
        {
            if (header is (string headerSchema, JsonObject headerLine))
            {
                stream.Write(Line(path, 1, headerSchema, headerLine));
            }

            foreach (JsonObject line in lines)
            {
                stream.Write(Line(path, ++count + (header is null ? 0 : 1), schema, line));
            }
        });
        return count;
    }

    /// <summary>One line of a JSON Lines file with its line feed, checked; for writers that append.</summary>
    public static byte[] Line(string path, int number, string schema, JsonObject line)
    {
        string text = JsonText.Compact(line);
        CheckOwn(text, path, number, schema);
        return Encoding.UTF8.GetBytes(text + "\n");
    }

    private static StrictJson Parse(byte[] content, string place, string schema)
    {
        ReadOnlySpan<byte> utf8 = content;
        utf8 = utf8.StartsWith("\uFEFF"u8) ? utf8[3..] : utf8;
        return utf8.Trim(" \t\r\n"u8).IsEmpty
            ? throw new InvalidDataException($"{place}: is empty; expected a {schema} file.")
            : Checked(StrictJsonParser.Parse(utf8, place, 1), schema);
    }

    private static StrictJson? NextLine(Utf8Lines lines, string path, string schema, (string Field, string Schema)? header)
    {
        if (!lines.Next(out ReadOnlySpan<byte> line))
        {
            return null;
        }

        if (line.Trim(" \t"u8).IsEmpty)
        {
            throw new InvalidDataException($"{path}: line {lines.LineNumber}: is blank; expected one JSON object a line.");
        }

        StrictJson value = StrictJsonParser.Parse(line, path, lines.LineNumber);
        bool isHeader = lines.LineNumber == 1 && header is (string field, _) && value.FindField(field) is not null;
        return Checked(value, isHeader ? header!.Value.Schema : schema);
    }

    private static StrictJson Checked(StrictJson value, string schema) => FileSchema.Get(schema).Validate(value) is List<string> faults
        ? throw new InvalidDataException(string.Join('\n', faults))
        : value;

    private static void CheckOwn(string text, string place, int line, string schema)
    {
        if (FileSchema.Get(schema).Validate(StrictJsonParser.Parse(Encoding.UTF8.GetBytes(text), place, line)) is List<string> faults)
        {
            throw new ArgumentException(
                $"What was to be written does not follow {schema}.schema.json: {string.Join('\n', faults)}", nameof(text));
        }
    }
}
