using System.Collections.Frozen;
using System.Text;

namespace CrossModalVae.Files;

/// <summary>
/// The JSON Schemas (draft 2020-12) of every file that crosses a boundary: data-schemas/NAME.schema.json, carried inside this library.
/// </summary>
public static class FileSchema
{
    /// <summary>One line of a manifest.</summary>
    public const string ManifestLine = "manifest-line";

    /// <summary>A recipe.</summary>
    public const string Recipe = "recipe";

    /// <summary>One line of an embedding folder's rows.jsonl.</summary>
    public const string EmbeddingRow = "embedding-row";

    /// <summary>A model folder's card.json.</summary>
    public const string ModelCard = "model-card";

    /// <summary>One query's ranking.</summary>
    public const string Ranking = "ranking";

    /// <summary>From scores to probabilities.</summary>
    public const string Calibration = "calibration";

    /// <summary>A clustering.</summary>
    public const string Clusters = "clusters";

    /// <summary>Embeddings laid out in a plane.</summary>
    public const string Projection = "projection";

    /// <summary>Scores of an evaluation.</summary>
    public const string Metrics = "metrics";

    /// <summary>One line of a trial list: verification, matching or retrieval.</summary>
    public const string TrialLine = "trial-line";

    /// <summary>Scores on listed trials.</summary>
    public const string TrialScores = "trial-scores";

    /// <summary>One line of a run folder's log.jsonl: one epoch.</summary>
    public const string RunLogLine = "run-log-line";

    /// <summary>A checkpoint's state.json.</summary>
    public const string CheckpointState = "checkpoint-state";

    /// <summary>A run's metrics.json.</summary>
    public const string RunMetrics = "run-metrics";

    /// <summary>One line of a synthetic corpus's traits.jsonl.</summary>
    public const string SyntheticTraitsLine = "synthetic-traits-line";

    /// <summary>A synthetic corpus's synthetic-card.json.</summary>
    public const string SyntheticCard = "synthetic-card";

    /// <summary>The demo's summary.json.</summary>
    public const string DemoSummary = "demo-summary";

    /// <summary>The header of a feature store.</summary>
    public const string FeatureStore = "feature-store";

    /// <summary>A gallery's gallery.json: how much of its other files is committed.</summary>
    public const string Gallery = "gallery";

    private const string Suffix = ".schema.json";

    private static readonly FrozenDictionary<string, Lazy<JsonSchema>> Schemas = typeof(FileSchema).Assembly.GetManifestResourceNames()
        .Where(name => name.EndsWith(Suffix, StringComparison.Ordinal))
        .Select(name => name[..^Suffix.Length])
        .ToFrozenDictionary(name => name, name => new Lazy<JsonSchema>(() => JsonSchema.Parse(Text(name), name + Suffix)));

    /// <summary>The names of all schemas, in ordinal order.</summary>
    public static IReadOnlyList<string> Names => [.. Schemas.Keys.Order(StringComparer.Ordinal)];

    /// <summary>What a whole-file document says in its field <c>schema</c>: crossmodalvae/NAME/1.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    public static string Id(string name) => $"crossmodalvae/{name}/1";

    /// <summary>The text of a schema.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <exception cref="ArgumentException">There is no such schema.</exception>
    public static string Text(string name)
    {
        using Stream stream = typeof(FileSchema).Assembly.GetManifestResourceStream(name + Suffix) ?? throw Unknown(name);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }

    /// <summary>Refuses a value that does not follow a schema.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="value">The whole document.</param>
    /// <exception cref="InvalidDataException">The value does not follow it; the message has a line for every fault.</exception>
    internal static void Check(string name, StrictJson value)
    {
        List<string>? faults = Get(name).Validate(value);
        if (faults is not null)
        {
            throw new InvalidDataException(string.Join('\n', faults));
        }
    }

    internal static JsonSchema Get(string name) =>
        Schemas.TryGetValue(name, out Lazy<JsonSchema>? schema) ? schema.Value : throw Unknown(name);

    private static ArgumentException Unknown(string name) =>
        new($"There is no schema '{name}'; must be one of {string.Join(", ", Names)}.", nameof(name));
}
