using System.Text.Json.Nodes;
using CrossModalVae.Clusters;
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

    /// <summary>The clustering of the joint embeddings by the recipe.</summary>
    public required ClusteringRecord Clusters { get; init; }

    /// <summary>The same by HDBSCAN.</summary>
    public required ClusteringRecord HierarchicalClusters { get; init; }

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
        json["clusters"] = new JsonObject
        {
            ["identity_count"] = Clusters.Scores.IdentityCount,
            ["dbscan_count"] = Clusters.Scores.ClusterCount,
            ["dbscan_adjusted_rand_index"] = Ari(Clusters),
            ["hdbscan_count"] = HierarchicalClusters.Scores.ClusterCount,
            ["hdbscan_adjusted_rand_index"] = Ari(HierarchicalClusters),
            ["hdbscan_gender_adjusted_rand_index"] = HierarchicalClusters.Ceiling?.GenderAdjustedRandScore,
            ["best_adjusted_rand_index"] = Clusters.Ceiling?.Best.AdjustedRandScore,
            ["known_count_adjusted_rand_index"] = Clusters.Ceiling?.KnownCountAdjustedRandScore,
        };
        json["seconds"] = Math.Round(Seconds, 1);
        return json;
    }

    private static double Ari(ClusteringRecord record) => record.Scores.NoiseAsCluster.Agreement.AdjustedRandScore;

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
