using System.Text.Json;
using System.Text.Json.Nodes;
using CrossModalVae.Audio;
using CrossModalVae.Features;
using CrossModalVae.Scoring.Encoders;

namespace CrossModalVae.Pipelines.Savable;

/// <summary>
/// A front end as it travels through ML.NET's file. A custom mapping is saved as its contract's name and nothing else, so its options are a
/// constant column of text, which ML.NET's own expression step makes, and the mapping reads them with every row.
/// </summary>
/// <param name="Recipe">The front end's section, as a recipe of that section alone.</param>
/// <param name="Column">What messages call the input.</param>
/// <param name="BoxColumn">The column of face boxes; null where there is none.</param>
/// <param name="Folder">What relative paths are relative to; null for the current folder.</param>
/// <param name="ToleratesTruncation">As <see cref="SoundReading.ToleratesTruncation"/>.</param>
/// <param name="Graph">The pretrained network's file; null where the section has none.</param>
internal sealed record SavableState(
    JsonNode Recipe,
    string Column,
    string? BoxColumn = null,
    string? Folder = null,
    bool ToleratesTruncation = false,
    byte[]? Graph = null)
{
    /// <summary>The largest network: beyond it the text and its copies while ML.NET reads it take too much memory.</summary>
    public const long LargestGraphBytes = 64L << 20;

    private static readonly JsonSerializerOptions Json = new() { RespectRequiredConstructorParameters = true };

    /// <summary>The state of a section.</summary>
    /// <exception cref="NotSupportedException">The network is too large.</exception>
    public static SavableState Of(Recipe section, string? graphFile, PipelineColumns columns, string column, SoundReading? reading = null)
    {
        if (graphFile is not null && new FileInfo(graphFile).Length is long length and > LargestGraphBytes)
        {
            throw UserError.Mark(new NotSupportedException(string.Create(
                CultureInfo.InvariantCulture,
                $"{graphFile}: has {length} bytes; ml.Model.Save holds pretrained networks of at most {LargestGraphBytes}: "
                + $"use ml.Model.SaveBundle, which holds any.")));
        }

        return new SavableState(
            RecipeWriter.ToJson(WithPath(section, "graph.onnx") with { Name = "front-end" }), // not where it lies on this machine
            column,
            columns.FaceBoxes,
            columns.Folder,
            reading?.ToleratesTruncation ?? false,
            graphFile is null ? null : File.ReadAllBytes(graphFile));
    }

    /// <summary>The state in a column's text.</summary>
    public static SavableState Parse(string text) => JsonSerializer.Deserialize<SavableState>(text, Json)!;

    /// <summary>What ML.NET's expression step computes from any column: the state's text.</summary>
    public string ToExpression() =>
        $"x : @\"{JsonSerializer.Serialize(this, Json).Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    /// <summary>The section and its network, opened; a network ends with the process or the collection of what holds it.</summary>
    public (Recipe Section, FrozenEncoders Encoders) Open()
    {
        Recipe section = RecipeReader.Parse(Recipe.ToJsonString(), "the recipe of a saved front end");
        if (Graph is null)
        {
            return (section, FrozenEncoders.None);
        }

        string folder = Directory.CreateTempSubdirectory("cmvae-saved-").FullName;
        try
        {
            string file = Path.Combine(folder, "graph.onnx");
            File.WriteAllBytes(file, Graph);
            return (section, RecipeEncoders.Open(WithPath(section, file)).Encoders);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static Recipe WithPath(Recipe recipe, string path) => recipe with
    {
        Voice = recipe.Voice with { Encoder = recipe.Voice.Encoder is null ? null : recipe.Voice.Encoder with { Path = path } },
        Face = recipe.Face with { Encoder = recipe.Face.Encoder is null ? null : recipe.Face.Encoder with { Path = path } },
    };
}

/// <summary>What a mapping makes of its state, once: the column has the same text in every row.</summary>
internal sealed class SavableCache<T>(Func<SavableState, T> open)
    where T : class
{
    private readonly Lock _lock = new();
    private string? _text;
    private T? _value;

    public T Get(ReadOnlyMemory<char> state)
    {
        lock (_lock)
        {
            if (_value is null || !state.Span.SequenceEqual(_text))
            {
                _text = state.ToString();
                _value = open(SavableState.Parse(_text));
            }

            return _value;
        }
    }
}
