using System.Text.Json.Nodes;

namespace CrossModalVae.Sweeps;

/// <summary>How the values of a range are spaced.</summary>
internal enum SweepScale
{
    /// <summary>Evenly.</summary>
    Linear,

    /// <summary>By equal factors.</summary>
    Log,
}

/// <summary>One option of a recipe in a search space: a list of values, or a range.</summary>
/// <param name="Path">Where it is in the recipe, as in <c>training.learning_rate</c> or <c>objective.terms[0].weight</c>.</param>
internal sealed record SweepOption(string Path)
{
    private const int SignificantDigits = 4;

    /// <summary>The values of a list; null for a range.</summary>
    public IReadOnlyList<JsonNode?>? Values { get; init; }

    /// <summary>A range's lower end, included.</summary>
    public double From { get; init; }

    /// <summary>A range's upper end, included.</summary>
    public double To { get; init; }

    /// <summary>How a range's values are spaced.</summary>
    public SweepScale Scale { get; init; }

    /// <summary>Whether a range's values are whole numbers.</summary>
    public bool IsInteger { get; init; }

    /// <summary>How many values of a range a grid has, the ends included; null where the file does not say it.</summary>
    public int? Steps { get; init; }

    /// <summary>The values that a grid has.</summary>
    /// <exception cref="InvalidDataException">A range does not say how many.</exception>
    public IReadOnlyList<JsonNode?> Grid() => Values ?? (Steps is int steps
        ? [.. Enumerable.Range(0, steps).Select(i => At((double)i / (steps - 1))).DistinctBy(value => value.ToJsonString())]
        : throw new InvalidDataException($"'{Path}' is a range without 'steps', which a grid needs."));

    /// <summary>One value at random.</summary>
    public JsonNode? Draw(SeededRandom random) => Values is null ? At(random.NextDouble()) : Values[random.NextInt32(Values.Count)];

    /// <summary>Sets it in a recipe's document; sections on the way that are absent are made.</summary>
    /// <exception cref="InvalidDataException">Its place does not exist; the message is the rest of a sentence.</exception>
    public void Set(JsonObject recipe, JsonNode? value)
    {
        string[] steps = Path.Replace("[", ".[", StringComparison.Ordinal).Split('.');
        JsonNode node = recipe;
        foreach (string step in steps[..^1])
        {
            node = Next(node, step);
        }

        if (node is JsonArray list)
        {
            list[Index(list, steps[^1])] = value?.DeepClone();
        }
        else
        {
            Fields(node)[steps[^1]] = value?.DeepClone();
        }
    }

    private JsonNode Next(JsonNode node, string step)
    {
        if (node is JsonArray list)
        {
            return list[Index(list, step)]!;
        }

        JsonObject fields = Fields(node);
        return fields[step] ?? (fields[step] = new JsonObject());
    }

    private JsonObject Fields(JsonNode node) => node as JsonObject
        ?? throw new InvalidDataException($"'{Path}' goes through '{node.GetPath().TrimStart('$', '.')}', which is no section.");

    private int Index(JsonArray list, string step)
    {
        string digits = step.TrimStart('[').TrimEnd(']');
        return int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int index) && index < list.Count
            ? index
            : throw new InvalidDataException($"'{Path}' is no item of a list of {Counted.Of(list.Count, "item")}, counted from 0.");
    }

    // At a share of the way, with few digits, so that tables and recipes can be read.
    private JsonValue At(double share)
    {
        double value = Scale == SweepScale.Log
            ? Math.Exp(Math.Log(From) + (share * (Math.Log(To) - Math.Log(From))))
            : From + (share * (To - From));
        if (IsInteger)
        {
            return JsonValue.Create((long)Math.Clamp(Math.Round(value), From, To));
        }

        double rounded = double.Parse(
            value.ToString($"G{SignificantDigits}", CultureInfo.InvariantCulture), NumberStyles.Float, CultureInfo.InvariantCulture);
        return JsonValue.Create(Math.Clamp(rounded, From, To));
    }
}
