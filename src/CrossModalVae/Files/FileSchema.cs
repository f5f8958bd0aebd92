using System.Collections.Frozen;
using System.Text;

namespace CrossModalVae.Files;

/// <summary>
/// The JSON Schemas (draft 2020-12) of every file that crosses a boundary: data-schemas/NAME.schema.json, embedded in this library.
/// </summary>
internal static class FileSchema
{
    public const string Bundle = "bundle"; // bundle.json of a saved pipeline
    public const string Calibration = "calibration";
    public const string CheckpointState = "checkpoint-state";
    public const string Clusters = "clusters";
    public const string Criteria = "criteria";
    public const string DemoSummary = "demo-summary";
    public const string EmbeddingOrigin = "embedding-origin"; // origin.json beside the matrix
    public const string EmbeddingRow = "embedding-row"; // a line of rows.jsonl
    public const string FeatureStore = "feature-store"; // its header
    public const string FoldResult = "fold-result"; // validation.json of a run
    public const string FoldSummary = "fold-summary"; // folds.json
    public const string Gallery = "gallery";
    public const string Generated = "generated"; // what 'generate' made from what
    public const string ManifestLine = "manifest-line";
    public const string ManifestRoot = "manifest-root"; // a manifest's first line, where it has one
    public const string Metrics = "metrics"; // of an evaluation
    public const string ModelCard = "model-card";
    public const string Projection = "projection";
    public const string Ranking = "ranking";
    public const string Recipe = "recipe";
    public const string RunLogLine = "run-log-line"; // one epoch
    public const string RunMetrics = "run-metrics";
    public const string SkippedClip = "skipped-clip"; // a line of skipped.jsonl
    public const string SweepResults = "sweep-results"; // results.json
    public const string SweepSpace = "sweep-space";
    public const string SyntheticCard = "synthetic-card";
    public const string SyntheticTraitsLine = "synthetic-traits-line";
    public const string TeacherLogitsLine = "teacher-logits-line"; // of the term 'distillation'
    public const string TrialLine = "trial-line";
    public const string TrialScores = "trial-scores";

    private const string Suffix = ".schema.json";

    private static readonly FrozenDictionary<string, Lazy<JsonSchema>> Schemas = typeof(FileSchema).Assembly.GetManifestResourceNames()
        .Where(name => name.EndsWith(Suffix, StringComparison.Ordinal))
        .Select(name => name[..^Suffix.Length])
        .ToFrozenDictionary(name => name, name => new Lazy<JsonSchema>(() => JsonSchema.Parse(Text(name), name + Suffix)));

    /// <summary>The names of all schemas, in ordinal order.</summary>
    public static IReadOnlyList<string> Names => [.. Schemas.Keys.Order(StringComparer.Ordinal)];

    /// <summary>The value of a whole-file document's field <c>schema</c>: crossmodalvae/NAME/1.</summary>
    public static string Id(string name) => $"crossmodalvae/{name}/1";

    /// <summary>The text of a schema.</summary>
    /// <exception cref="ArgumentException">There is no such schema.</exception>
    public static string Text(string name)
    {
        using Stream stream = typeof(FileSchema).Assembly.GetManifestResourceStream(name + Suffix) ?? throw Unknown(name);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }

    public static JsonSchema Get(string name) =>
        Schemas.TryGetValue(name, out Lazy<JsonSchema>? schema) ? schema.Value : throw Unknown(name);

    private static ArgumentException Unknown(string name) =>
        new($"There is no schema '{name}'; must be one of {string.Join(", ", Names)}.", nameof(name));
}
