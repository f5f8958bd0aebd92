using System.Text.Json.Nodes;

namespace CrossModalVae.Sweeps;

/// <summary>A recipe and which of its options take which values: data-schemas/sweep-space.schema.json.</summary>
internal sealed record SweepSpace
{
    /// <summary>The file, as it was given.</summary>
    public required string FilePath { get; init; }

    /// <summary>The recipe: a file relative to the space's folder, or the name of one.</summary>
    public required string Recipe { get; init; }

    /// <summary>The options, in file order.</summary>
    public required IReadOnlyList<SweepOption> Options { get; init; }

    /// <summary>How many combinations there are; null where a range has more than can be counted.</summary>
    public long? Count => Options.Any(option => option.Values is null)
        ? null
        : Options.Aggregate(1L, (product, option) => product * option.Values!.Count);

    /// <summary>Reads a space.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file does not follow its schema, or a list or range is none.</exception>
    public static SweepSpace Read(string path)
    {
        StrictJson json = JsonFile.Read(path, FileSchema.SweepSpace);
        if (json["options"].Children.Count == 0)
        {
            throw json["options"].Fault("at least one option of the recipe, as \"training.learning_rate\"");
        }

        return new SweepSpace
        {
            FilePath = path,
            Recipe = json["recipe"].AsString(),
            Options = [.. json["options"].Children.Select(Option)],
        };
    }

    /// <summary>All combinations, the last option changing fastest.</summary>
    /// <exception cref="InvalidDataException">A range does not say how many values a grid has of it.</exception>
    public IEnumerable<SweepTrial> Grid()
    {
        IEnumerable<JsonNode?[]> rows = [[]];
        foreach (SweepOption option in Options)
        {
            IReadOnlyList<JsonNode?> values = Grid(option);
            rows = rows.SelectMany(row => values.Select(value => (JsonNode?[])[.. row, value]));
        }

        return rows.Index().Select(row => new SweepTrial(row.Index + 1, Options, row.Item));
    }

    /// <summary>Different combinations at random, a function of the seed alone: more of them begin with the same ones.</summary>
    /// <exception cref="InvalidDataException">There are not so many.</exception>
    public IReadOnlyList<SweepTrial> Draw(int count, long seed)
    {
        const int Attempts = 1000; // for each
        if (Count < count)
        {
            throw new InvalidDataException($"{FilePath}: has {Count} combinations, and {count} different trials are asked for.");
        }

        var trials = new List<SweepTrial>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (long draw = 0; trials.Count < count; draw++)
        {
            if (draw > (long)Attempts * count)
            {
                throw new InvalidDataException(
                    $"{FilePath}: {count} different trials are asked for, and {Attempts * count} draws gave {trials.Count}.");
            }

            SeededRandom random = SeededRandom.For(seed, $"sweep/{draw}");
            var trial = new SweepTrial(trials.Count + 1, Options, [.. Options.Select(option => option.Draw(random))]);
            if (seen.Add(trial.ToJson().ToJsonString()))
            {
                trials.Add(trial);
            }
        }

        return trials;
    }

    private static SweepOption Option(StrictJson source)
    {
        StrictJson? values = source.Find("values"), from = source.Find("from"), to = source.Find("to");
        if (values is not null == (from is not null || to is not null) || from is null != to is null)
        {
            throw source.Fault("either 'values', or 'from' and 'to'");
        }

        var option = new SweepOption(source.Name!)
        {
            Values = values?.AsArray(Node),
            From = from?.AsDouble() ?? 0.0,
            To = to?.AsDouble() ?? 0.0,
            Scale = source.Find("scale")?.AsEnum<SweepScale>() ?? SweepScale.Linear,
            IsInteger = source.Find("integer")?.AsBoolean() ?? false,
            Steps = source.Find("steps")?.AsInt32(),
        };
        if (values is not null)
        {
            return source.Children.FirstOrDefault(field => field.Name != "values") is StrictJson other
                ? throw other.Fault("nothing here: it is of ranges, and this option has 'values'")
                : option;
        }

        if (option.From >= option.To)
        {
            throw from!.Fault($"a number below 'to', which is {to!.Found}");
        }

        if (option.Scale == SweepScale.Log && option.From <= 0.0)
        {
            throw from!.Fault("a number above 0, where the scale is log");
        }

        return option.IsInteger && new[] { from!, to! }.FirstOrDefault(end => !double.IsInteger(end.AsDouble())) is StrictJson broken
            ? throw broken.Fault("a whole number, as the range is of integers")
            : option;
    }

    private IReadOnlyList<JsonNode?> Grid(SweepOption option)
    {
        try
        {
            return option.Grid();
        }
        catch (InvalidDataException e)
        {
            throw new InvalidDataException($"{FilePath}: {e.Message}", e);
        }
    }

    private static JsonNode? Node(StrictJson value) => value.Kind switch
    {
        System.Text.Json.JsonValueKind.Null => null,
        System.Text.Json.JsonValueKind.String => JsonValue.Create(value.Text),
        System.Text.Json.JsonValueKind.Number => JsonNode.Parse(value.Text),
        System.Text.Json.JsonValueKind.Array => new JsonArray([.. value.Children.Select(Node)]),
        System.Text.Json.JsonValueKind.Object =>
            new JsonObject(value.Children.Select(field => KeyValuePair.Create(field.Name!, Node(field)))),
        _ => JsonValue.Create(value.AsBoolean()),
    };
}

/// <summary>One combination of a space's values.</summary>
/// <param name="Number">One-based.</param>
/// <param name="Options">The space's options.</param>
/// <param name="Values">The value of each.</param>
internal sealed record SweepTrial(int Number, IReadOnlyList<SweepOption> Options, IReadOnlyList<JsonNode?> Values)
{
    /// <summary>The name of its folder.</summary>
    public string Folder => FormattableString.Invariant($"trial-{Number}");

    /// <summary>The values in words, as in <c>training.learning_rate 0.001, model.dropout 0.2</c>.</summary>
    public string Text => string.Join(", ", Options.Zip(Values, (option, value) => $"{option.Path} {Shown(value)}"));

    /// <summary>A value as tables show it.</summary>
    public static string Shown(JsonNode? value) =>
        value is JsonValue text && text.TryGetValue(out string? word) ? word : value is null ? "null" : JsonText.Compact(value);

    /// <summary>The values by their paths.</summary>
    public JsonObject ToJson() =>
        new(Options.Zip(Values, (option, value) => KeyValuePair.Create(option.Path, value?.DeepClone())));

    /// <summary>The document of a recipe with these values.</summary>
    /// <param name="recipe">The recipe's document, which is left as it is.</param>
    /// <exception cref="InvalidDataException">A path leads nowhere.</exception>
    public JsonObject Apply(JsonObject recipe)
    {
        JsonObject own = recipe.DeepClone().AsObject();
        foreach ((SweepOption option, JsonNode? value) in Options.Zip(Values))
        {
            option.Set(own, value);
        }

        return own;
    }
}
