using System.Text.Json.Nodes;
using CrossModalVae.Clusters;
using CrossModalVae.Corpora;
using CrossModalVae.Retrieval;

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

    /// <summary>
    /// Reads an evaluation. The nearest identities come back without clip and score, which the file does not hold, and the curve of trials
    /// with a point at each of 75 false acceptance rates.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file does not follow its schema.</exception>
    public static EvaluationReport Read(string path)
    {
        StrictJson json = JsonFile.Read(path, FileSchema.Metrics);
        StrictJson protocol = json["protocol"];
        return new EvaluationReport
        {
            Metric = json["metric"].AsEnum<RankingMetric>(),
            Options = new ProtocolOptions
            {
                Seed = protocol["seed"].AsInt64(),
                Positives = protocol["positives"].AsEnum<PositiveClips>(),
                EnumeratedPairs = protocol["enumerated_pairs"].AsInt64(),
                TrialsPerProbe = protocol["trials_per_probe"].AsInt32(),
                DrawCount = protocol["draw_count"].AsInt32(),
                Confidence = protocol["confidence"].AsDouble(),
            },
            Populations = json["populations"].AsArray(PopulationOf),
            Clustering = json.Find("clustering")?.Children.ToDictionary(Modality, ClustersFile.ScoresOf) ?? [],
            Nearest = json.Find("nearest")?.AsArray(Nearest) ?? [],
            Skipped = json.Find("skipped")?.AsArray(SkippedClip.Of) ?? [],
        };
    }

    private static JsonObject ToJson(EvaluationReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        JsonObject json = JsonFile.Start(FileSchema.Metrics);
        json["summary"] = Sentences(report.Summary);
        json["metric"] = EnumText.Of(report.Metric);
        json["protocol"] = new JsonObject
        {
            ["seed"] = report.Options.Seed,
            ["positives"] = EnumText.Of(report.Options.Positives),
            ["enumerated_pairs"] = report.Options.EnumeratedPairs,
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
                    pair => KeyValuePair.Create(EnumText.Of(pair.Key), (JsonNode?)ClustersFile.ToJson(pair.Value))));
        }

        if (report.Skipped.Count > 0)
        {
            json["skipped"] = new JsonArray([.. report.Skipped.Select(clip => clip.ToJson())]);
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

    private static Modality Modality(StrictJson json) => EnumText.TryParse(json.Name!, out Modality modality)
        ? modality
        : throw json.Fault($"one of {string.Join(", ", EnumText.All<Modality>())} as its name");

    private static NearestIdentities Nearest(StrictJson json) => new(
        json["direction"].AsEnum<RetrievalDirection>(),
        new ClipKey(json["identity"].AsString(), json["clip"].AsString()),
        json.Find("own_rank")?.AsInt32(),
        [.. json["identities"].AsArray(name => name.AsString()).Select((name, i) => new RankedMatch(i + 1, name, "", 0))]);
}
