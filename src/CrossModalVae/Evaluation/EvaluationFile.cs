using System.Text.Json.Nodes;
using CrossModalVae.Files;

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
        json["identity_count"] = report.IdentityCount;
        json["clip_count"] = report.ClipCount;
        json["seed"] = report.Seed;
        json["voice_to_face"] = ToJson(report.VoiceToFace);
        json["face_to_voice"] = ToJson(report.FaceToVoice);
        if (report is { VoiceToFaceCeiling: DirectionScores voiceToFace, FaceToVoiceCeiling: DirectionScores faceToVoice })
        {
            json["ceiling"] = new JsonObject { ["voice_to_face"] = ToJson(voiceToFace), ["face_to_voice"] = ToJson(faceToVoice) };
        }

        if (report.Nearest.Count > 0)
        {
            json["nearest"] = new JsonArray([.. report.Nearest.Select(ToJson)]);
        }

        if (report.Clustering.Count > 0)
        {
            json["clustering"] = new JsonObject(
                report.Clustering.Select(pair => KeyValuePair.Create(EnumText.Of(pair.Key), (JsonNode?)ClusteringScoresJson.Write(pair.Value))));
        }

        return json;
    }

    private static JsonObject ToJson(DirectionScores scores) => new()
    {
        ["query_count"] = scores.ProbeCount,
        ["gallery_count"] = scores.GalleryCount,
        ["auc"] = ToJson(scores.Auc),
        ["eer"] = ToJson(scores.EqualErrorRate),
        ["mrr"] = ToJson(scores.MeanReciprocalRank),
        ["recall_at_1"] = ToJson(scores.RecallAt1),
        ["recall_at_5"] = ToJson(scores.RecallAt5),
        ["recall_at_10"] = ToJson(scores.RecallAt10),
        ["map"] = ToJson(scores.MeanAveragePrecision),
        ["matching_1_of_2"] = ToJson(scores.MatchingOf2Accuracy),
        ["matching_1_of_10"] = ToJson(scores.MatchingOf10Accuracy),
    };

    private static JsonObject ToJson(MetricValue? metric) => metric is null
        ? new JsonObject { ["value"] = null, ["chance"] = null, ["count"] = 0 }
        : new JsonObject { ["value"] = metric.Value, ["chance"] = metric.Chance, ["count"] = metric.Count };

    private static JsonObject ToJson(NearestIdentities nearest) => new()
    {
        ["direction"] = EnumText.Of(nearest.Direction),
        ["identity"] = nearest.Probe.Identity,
        ["clip"] = nearest.Probe.Clip,
        ["own_rank"] = nearest.OwnRank,
        ["identities"] = new JsonArray([.. nearest.Matches.Select(match => JsonValue.Create(match.Identity))]),
    };
}
