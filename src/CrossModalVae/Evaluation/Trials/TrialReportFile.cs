using System.Text.Json.Nodes;

namespace CrossModalVae.Evaluation.Trials;

/// <summary>Writes the scores of listed trials (data-schemas/trial-scores.schema.json).</summary>
public static class TrialReportFile
{
    /// <summary>Writes the scores.</summary>
    /// <param name="path">The file; its folder is created where missing.</param>
    /// <param name="report">The scores.</param>
    /// <exception cref="IOException">The file cannot be written; it is as it was before.</exception>
    public static void Write(string path, TrialReport report) => JsonFile.Write(path, FileSchema.TrialScores, ToJson(report));

    /// <summary>What <see cref="Write"/> writes, as text.</summary>
    /// <param name="report">The scores.</param>
    public static string Text(TrialReport report) => JsonFile.Text("scores", FileSchema.TrialScores, ToJson(report));

    private static JsonObject ToJson(TrialReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        JsonObject json = JsonFile.Start(FileSchema.TrialScores);
        json["metric"] = EnumText.Of(report.Metric);
        json["trial_count"] = report.TrialCount;
        json["missing_count"] = report.MissingCount;
        json["warnings"] = new JsonArray([.. report.Warnings.Select(warning => JsonValue.Create(warning))]);
        json["lists"] = new JsonArray([.. report.Lists.Select(ToJson)]);
        return json;
    }

    private static JsonObject ToJson(TrialListScores scores)
    {
        var json = new JsonObject { ["kind"] = EnumText.Of(scores.Kind), ["stratum"] = scores.Stratum };
        if (scores.Direction is RetrievalDirection direction)
        {
            json["direction"] = EnumText.Of(direction);
        }

        if (scores.CandidateCount is int candidates)
        {
            json["candidate_count"] = candidates;
        }

        json["trial_count"] = scores.TrialCount;
        json["missing_count"] = scores.MissingCount;
        json["identity_count"] = scores.IdentityCount;
        json["splits"] = new JsonArray([.. scores.Splits.Select(split => (JsonNode)EnumText.Of(split))]);
        foreach ((EvaluationMetric metric, MetricValue value) in scores.Metrics.OrderBy(pair => pair.Key))
        {
            json[EvaluationMetrics.Key(metric)] = EvaluationFile.ToJson(value);
        }

        if (scores.Differences.Count > 0)
        {
            json["difference"] = new JsonObject(scores.Differences.OrderBy(pair => pair.Key).Select(
                pair => KeyValuePair.Create(EvaluationMetrics.Key(pair.Key), (JsonNode?)EvaluationFile.ToJson(pair.Value))));
        }

        return json;
    }
}
