namespace CrossModalVae.Files;

/// <content>What a schema expects, as messages say it.</content>
internal sealed partial class JsonSchema
{
    private string Expected()
    {
        if (_reference is not null)
        {
            return Resolve().Expected();
        }

        if (_title is not null)
        {
            return _title;
        }

        if (_enum is not null)
        {
            return _enum.Length == 1 ? _enum[0].Found : $"one of {string.Join(", ", _enum.Select(allowed => allowed.Found))}";
        }

        if (_types.Length == 0)
        {
            return _anyOf is null ? "a value" : string.Join(" or ", _anyOf.Select(choice => choice.Expected()));
        }

        return string.Join(" or ", _types.Select(type => type switch
        {
            "number" => "a number" + ExpectedRange(),
            "integer" => "a whole number" + ExpectedRange(),
            "string" => _minLength > 0 ? "a string that is not empty" : "a string",
            "boolean" => "true or false",
            "array" => ExpectedArray(),
            "object" => "an object",
            _ => "null",
        }));
    }

    private string ExpectedRange() => (_minimum, _exclusiveMinimum, _maximum, _exclusiveMaximum) switch
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

    private string ExpectedArray()
    {
        string what = _items is null ? "an array" : $"an array (each item {_items.Expected()})";
        return (_minItems, _maxItems) switch
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
