using System.Text.Json.Nodes;
using CrossModalVae.Files;

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
        Add("auc", scores.Auc);
        Add("eer", scores.EqualErrorRate);
        Add("accuracy", scores.MatchingAccuracy);
        Add("mrr", scores.Retrieval?.MeanReciprocalRank);
        Add("recall_at_1", scores.Retrieval?.RecallAt1);
        Add("recall_at_5", scores.Retrieval?.RecallAt5);
        Add("recall_at_10", scores.Retrieval?.RecallAt10);
        Add("map", scores.Retrieval?.MeanAveragePrecision);
        return json;

        void Add(string name, MetricValue? value)
        {
            if (value is not null)
            {
                json[name] = new JsonObject { ["value"] = value.Value, ["chance"] = value.Chance, ["count"] = value.Count };
            }
        }
    }
}
