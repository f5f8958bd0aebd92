using System.Text.Json.Nodes;
using CrossModalVae.Clusters;

namespace CrossModalVae.Evaluation;

/// <summary>Reads and writes metrics.json (data-schemas/metrics.schema.json).</summary>
public static partial class EvaluationFile
{
    /// <summary>Writes an evaluation.</summary>
    /// <param name="path">The file; its folder is created where missing.</param>
    /// <param name="report">The evaluation.</param>
    /// <exception cref="IOException">The file cannot be written; it is as it was before.</exception>
    public static void Write(string path, EvaluationReport report) => JsonFile.Write(path, FileSchema.Metrics, ToJson(report));

    /// <summary>What <see cref="Write"/> writes, as text.</summary>
    /// <param name="report">The evaluation.</param>
    public static string Text(EvaluationReport report) => JsonFile.Text("metrics", FileSchema.Metrics, ToJson(report));

    private static JsonObject ToJson(EvaluationReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        JsonObject json = JsonFile.Start(FileSchema.Metrics);
        json["metric"] = EnumText.Of(report.Metric);
        json["protocol"] = new JsonObject
        {
            ["seed"] = report.Options.Seed,
            ["trials_per_probe"] = report.Options.TrialsPerProbe,
            ["draw_count"] = report.Options.DrawCount,
            ["confidence"] = report.Options.Confidence,
        };
        json["populations"] = new JsonArray([.. report.Populations.Select(ToJson)]);
        if (report.Nearest.Count > 0)
        {
            json["nearest"] = new JsonArray([.. report.Nearest.Select(ToJson)]);
        }

        if (report.Clustering.Count > 0)
        {
            json["clustering"] = new JsonObject(
                report.Clustering.Select(
                    pair => KeyValuePair.Create(EnumText.Of(pair.Key), (JsonNode?)ClusteringScoresJson.Write(pair.Value))));
        }

        return json;
    }

    private static JsonObject ToJson(NearestIdentities nearest) => new()
    {
        ["direction"] = EnumText.Of(nearest.Direction),
        ["identity"] = nearest.Probe.Identity,
        ["clip"] = nearest.Probe.Clip,
        ["own_rank"] = nearest.OwnRank,
        ["identities"] = new JsonArray([.. nearest.Matches.Select(match => JsonValue.Create(match.Identity))]),
    };
}
