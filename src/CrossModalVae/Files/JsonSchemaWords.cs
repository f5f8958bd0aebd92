namespace CrossModalVae.Files;

/// <summary>What a schema asks for, in the words of a message: "expected ...".</summary>
internal static class JsonSchemaWords
{
    public static string Expected(
        string? title,
        IEnumerable<string>? allowed,
        IEnumerable<string>? choices,
        List<string> types,
        (double? Minimum, double? Above, double? Maximum, double? Below) range,
        (int? Least, int? Most, string? Items) array,
        bool notEmpty)
    {
        if (title is not null)
        {
            return title;
        }

        if (allowed is not null)
        {
            string[] values = [.. allowed];
            return values.Length == 1 ? values[0] : $"one of {string.Join(", ", values)}";
        }

        if (types.Count == 0)
        {
            return choices is null ? "a value" : string.Join(" or ", choices);
        }

        return string.Join(" or ", types.Select(type => type switch
        {
            "number" => "a number" + Range(range),
            "integer" => "a whole number" + Range(range),
            "string" => notEmpty ? "a string that is not empty" : "a string",
            "boolean" => "true or false",
            "array" => Array(array),
            "object" => "an object",
            _ => "null",
        }));
    }

    private static string Range((double? Minimum, double? Above, double? Maximum, double? Below) range) => range switch
    {
        (double low, _, double high, _) => $" from {Number(low)} to {Number(high)}",
        (double low, _, _, double high) => $" of at least {Number(low)} and below {Number(high)}",
        (_, double low, double high, _) => $" above {Number(low)} and at most {Number(high)}",
        (_, double low, _, double high) => $" above {Number(low)} and below {Number(high)}",
        (double low, _, _, _) => $" of at least {Number(low)}",
        (_, double low, _, _) => $" above {Number(low)}",
        (_, _, double high, _) => $" of at most {Number(high)}",
        (_, _, _, double high) => $" below {Number(high)}",
        _ => "",
    };

    private static string Array((int? Least, int? Most, string? Items) array)
    {
        string what = array.Items is null ? "an array" : $"an array (each item {array.Items})";
        return (array.Least, array.Most) switch
        {
            (int least, int most) when least == most => $"{what} of {Number(least)} items",
            (int least, int most) => $"{what} of {Number(least)} to {Number(most)} items",
            (int least, null) => $"{what} of at least {Number(least)} {(least == 1 ? "item" : "items")}",
            (null, int most) => $"{what} of at most {Number(most)} items",
            _ => what,
        };
    }

    private static string Number(double value) => value.ToString(CultureInfo.InvariantCulture);
}
