using CrossModalVae.Files;
using CrossModalVae.Retrieval;

namespace CrossModalVae.Evaluation;

/// <content>Reading.</content>
public static partial class EvaluationFile
{
    /// <summary>
    /// Reads an evaluation. The nearest identities come back without clip and score, and direction scores without their number of identities
    /// beyond the report's own: the file does not hold them.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file does not follow its schema.</exception>
    public static EvaluationReport Read(string path)
    {
        StrictJson json = JsonFile.Read(path, FileSchema.Metrics);
        int identities = json["identity_count"].AsInt32();
        StrictJson? ceiling = json.Find("ceiling");
        return new EvaluationReport
        {
            IdentityCount = identities,
            ClipCount = json["clip_count"].AsInt32(),
            Seed = json["seed"].AsInt64(),
            VoiceToFace = Scores(json["voice_to_face"], RetrievalDirection.VoiceToFace, identities),
            FaceToVoice = Scores(json["face_to_voice"], RetrievalDirection.FaceToVoice, identities),
            VoiceToFaceCeiling = ceiling is null ? null : Scores(ceiling["voice_to_face"], RetrievalDirection.VoiceToFace, identities),
            FaceToVoiceCeiling = ceiling is null ? null : Scores(ceiling["face_to_voice"], RetrievalDirection.FaceToVoice, identities),
            Clustering = json.Find("clustering")?.Children.ToDictionary(Modality, ClusteringScoresJson.Read) ?? [],
            Nearest = json.Find("nearest")?.AsArray(Nearest) ?? [],
        };
    }

    private static DirectionScores Scores(StrictJson json, RetrievalDirection direction, int identities) => new()
    {
        Direction = direction,
        ProbeCount = json["query_count"].AsInt32(),
        GalleryCount = json["gallery_count"].AsInt32(),
        IdentityCount = identities,
        Auc = Required(json["auc"]),
        EqualErrorRate = Required(json["eer"]),
        MatchingOf2Accuracy = Required(json["matching_1_of_2"]),
        MatchingOf10Accuracy = Metric(json["matching_1_of_10"]),
        MeanReciprocalRank = Required(json["mrr"]),
        RecallAt1 = Required(json["recall_at_1"]),
        RecallAt5 = Required(json["recall_at_5"]),
        RecallAt10 = Required(json["recall_at_10"]),
        MeanAveragePrecision = Required(json["map"]),
    };

    private static MetricValue Required(StrictJson json) => Metric(json) ?? throw json["value"].Fault("a number");

    private static MetricValue? Metric(StrictJson json) => json.Find("value") is StrictJson value
        ? new MetricValue(value.AsDouble(), json["chance"].AsDouble(), json["count"].AsInt64())
        : null;

    private static Modality Modality(StrictJson json) => EnumText.TryParse(json.Name!, out Modality modality)
        ? modality
        : throw json.Fault($"one of {string.Join(", ", EnumText.All<Modality>())} as its name");

    private static NearestIdentities Nearest(StrictJson json) => new(
        json["direction"].AsEnum<RetrievalDirection>(),
        new ClipKey(json["identity"].AsString(), json["clip"].AsString()),
        json.Find("own_rank")?.AsInt32(),
        [.. json["identities"].AsArray(name => name.AsString()).Select((name, i) => new RankedMatch(i + 1, name, "", 0))]);
}
