using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace CrossModalVae.Files;

/// <summary>
/// JSON text that is the same for the same content, always: fields in the order they were added, \n, indented by two spaces, arrays of
/// plain values on one line, characters unescaped, numbers as ECMAScript writes them (the shortest digits that read back to the same
/// value).
/// </summary>
internal static class JsonText
{
    private static readonly JsonSerializerOptions TextOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The layout of whole files: indented, with a line feed at the end.</summary>
    public static string Indented(JsonNode content) => Text(content, Layout.Indented) + "\n";

    /// <summary>The layout of JSON Lines: one line, without the line feed.</summary>
    public static string Compact(JsonNode content) => Text(content, Layout.Compact);

    /// <summary>The layout that is hashed: one line, fields in ordinal order, as in RFC 8785.</summary>
    public static string Canonical(JsonNode content) => Text(content, Layout.Canonical);

    /// <summary>A string as JSON, so that a message stays on one line.</summary>
    public static string Quote(string value) => $"\"{TextOptions.Encoder!.Encode(value)}\"";

    /// <summary>A name for a message that quotes it: on one line and short.</summary>
    public static string Shown(string name)
    {
        const int Longest = 60;
        string cut = name.Length <= Longest ? name : name[..Longest] + "...";
        return cut.Any(c => char.IsControl(c) || c is '\u2028' or '\u2029' || char.IsSurrogate(c)) ? Quote(cut)[1..^1] : cut;
    }

    private enum Layout
    {
        Indented,
        Compact,
        Canonical,
    }

    private static string Text(JsonNode content, Layout layout)
    {
        var text = new StringBuilder();
        Append(text, content, 0, layout);
        return text.ToString();
    }

    private static void Append(StringBuilder text, JsonNode? node, int depth, Layout layout)
    {
        switch (node)
        {
            case null:
                text.Append("null");
                break;
            case JsonObject fields:
                AppendObject(text, fields, depth, layout);
                break;
            case JsonArray items:
                AppendArray(text, items, depth, layout);
                break;
            default:
                AppendValue(text, node);
                break;
        }
    }

    private static void AppendObject(StringBuilder text, JsonObject fields, int depth, Layout layout)
    {
        IEnumerable<KeyValuePair<string, JsonNode?>> ordered =
            layout == Layout.Canonical ? fields.OrderBy(field => field.Key, StringComparer.Ordinal) : fields;
        text.Append('{');
        string separator = "";
        foreach ((string name, JsonNode? value) in ordered)
        {
            text.Append(separator);
            NewLine(text, depth + 1, layout);
            text.Append(Quote(name)).Append(layout == Layout.Indented ? ": " : ":");
            Append(text, value, depth + 1, layout);
            separator = ",";
        }

        if (fields.Count > 0)
        {
            NewLine(text, depth, layout);
        }

        text.Append('}');
    }

    private static void AppendArray(StringBuilder text, JsonArray items, int depth, Layout layout)
    {
        bool plain = items.All(item => item is null or JsonValue);
        text.Append('[');
        for (int i = 0; i < items.Count; i++)
        {
            if (i > 0)
            {
                text.Append(plain && layout == Layout.Indented ? ", " : ",");
            }

            if (!plain)
            {
                NewLine(text, depth + 1, layout);
            }

            Append(text, items[i], depth + 1, layout);
        }

        if (!plain)
        {
            NewLine(text, depth, layout);
        }

        text.Append(']');
    }

    private static void AppendValue(StringBuilder text, JsonNode value)
    {
        if (value.GetValueKind() != JsonValueKind.Number)
        {
            text.Append(value.ToJsonString(TextOptions));
            return;
        }

        try
        {
            string number = value.ToJsonString(TextOptions);
            text.Append(number.AsSpan().ContainsAny('.', 'E', 'e')
                ? EcmaNumber(double.Parse(number, NumberStyles.Float, CultureInfo.InvariantCulture))
                : number == "-0" ? "0" : number);
        }
        catch (ArgumentException e)
        {
            throw new ArgumentException($"'{value.GetPath()}' is not finite; JSON has finite numbers only.", e);
        }
    }

    /// <summary>ECMA-262, Number::toString: plain digits from 1e-6 to below 1e21, an exponent outside.</summary>
    internal static string EcmaNumber(double value)
    {
        if (value == 0)
        {
            return "0";
        }

        // "R" gives the shortest digits, with or without an exponent; split it into digits and the position of the point.
        string shortest = Math.Abs(value).ToString("R", CultureInfo.InvariantCulture);
        int mantissaEnd = shortest.IndexOf('E');
        string mantissa = mantissaEnd < 0 ? shortest : shortest[..mantissaEnd];
        int exponent = mantissaEnd < 0
            ? 0
            : int.Parse(shortest.AsSpan(mantissaEnd + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        int dot = mantissa.IndexOf('.');
        string all = dot < 0 ? mantissa : mantissa.Remove(dot, 1);
        string significant = all.TrimStart('0');
        int point = (dot < 0 ? mantissa.Length : dot) - (all.Length - significant.Length) + exponent;
        string digits = significant.TrimEnd('0');
        string sign = value < 0 ? "-" : "";
        if (point is > 0 and <= 21)
        {
            return sign + (digits.Length <= point ? digits.PadRight(point, '0') : digits.Insert(point, "."));
        }

        if (point is > -6 and <= 0)
        {
            return sign + "0." + new string('0', -point) + digits;
        }

        string power = (point > 0 ? "e+" : "e-") + Math.Abs(point - 1).ToString(CultureInfo.InvariantCulture);
        return sign + (digits.Length == 1 ? digits : digits.Insert(1, ".")) + power;
    }

    private static void NewLine(StringBuilder text, int depth, Layout layout)
    {
        if (layout == Layout.Indented)
        {
            text.Append('\n').Append(' ', 2 * depth);
        }
    }
}
