using System.Text.Json.Nodes;
using CrossModalVae.Evaluation;

namespace CrossModalVae.Cli.Workflows;

/// <summary>The demo's table: one row each for chance, the linear baseline, the report's recipe, the demo recipe and the ceiling.</summary>
internal sealed record DemoSummary
{
    public const string FileName = "summary.json";

    public required DemoRow Linear { get; init; }

    public required DemoRow Report { get; init; }

    public required DemoRow Model { get; init; }

    public required DemoRow Ceiling { get; init; }

    public required double Seconds { get; init; }

    /// <summary>The result on the real clips, a line for each model.</summary>
    public required IReadOnlyList<string> RealClips { get; init; }

    public void Write(string folder) => JsonFile.Write(Path.Combine(folder, FileName), FileSchema.DemoSummary, ToJson());

    public string Text() => JsonFile.Text(FileName, FileSchema.DemoSummary, ToJson());

    private JsonObject ToJson()
    {
        JsonObject json = JsonFile.Start(FileSchema.DemoSummary);
        json["voice_to_face"] = Direction(row => row.VoiceToFace);
        json["face_to_voice"] = Direction(row => row.FaceToVoice);
        json["seconds"] = Math.Round(Seconds, 1);
        return json;
    }

    private JsonObject Direction(Func<DemoRow, DirectionScores> direction) => new()
    {
        ["auc"] = Row(row => direction(row).Auc),
        ["mrr"] = Row(row => direction(row).MeanReciprocalRank),
    };

    private JsonObject Row(Func<DemoRow, MetricValue> metric) => new()
    {
        ["chance"] = metric(Model).Chance,
        ["linear"] = metric(Linear).Value,
        ["report"] = metric(Report).Value,
        ["model"] = metric(Model).Value,
        ["ceiling"] = metric(Ceiling).Value,
    };
}

/// <summary>One system in both directions.</summary>
internal sealed record DemoRow(DirectionScores VoiceToFace, DirectionScores FaceToVoice);
