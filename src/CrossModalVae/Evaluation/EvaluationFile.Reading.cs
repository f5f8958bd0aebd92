using CrossModalVae.Clusters;
using CrossModalVae.Corpora;
using CrossModalVae.Retrieval;

namespace CrossModalVae.Evaluation;

/// <content>Reading.</content>
public static partial class EvaluationFile
{
    /// <summary>
    /// Reads an evaluation. The nearest identities come back without clip and score, and direction scores without the curve of their
    /// trials: the file does not hold them.
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
                TrialsPerProbe = protocol["trials_per_probe"].AsInt32(),
                DrawCount = protocol["draw_count"].AsInt32(),
                Confidence = protocol["confidence"].AsDouble(),
            },
            Populations = json["populations"].AsArray(PopulationOf),
            Clustering = json.Find("clustering")?.Children.ToDictionary(Modality, ClusteringScoresJson.Read) ?? [],
            Nearest = json.Find("nearest")?.AsArray(Nearest) ?? [],
        };
    }

    private static Modality Modality(StrictJson json) => EnumText.TryParse(json.Name!, out Modality modality)
        ? modality
        : throw json.Fault($"one of {string.Join(", ", EnumText.All<Modality>())} as its name");

    private static NearestIdentities Nearest(StrictJson json) => new(
        json["direction"].AsEnum<RetrievalDirection>(),
        new ClipKey(json["identity"].AsString(), json["clip"].AsString()),
        json.Find("own_rank")?.AsInt32(),
        [.. json["identities"].AsArray(name => name.AsString()).Select((name, i) => new RankedMatch(i + 1, name, "", 0))]);
}
