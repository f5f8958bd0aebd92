using CrossModalVae.Clusters;
using CrossModalVae.Retrieval;

namespace CrossModalVae.Evaluation;

/// <summary>The results of an evaluation; the content of metrics.json.</summary>
public sealed record EvaluationReport
{
    /// <summary>The metric that ranks.</summary>
    public required RankingMetric Metric { get; init; }

    /// <summary>The options of the protocol.</summary>
    public required ProtocolOptions Options { get; init; }

    /// <summary>One entry a split, unseen identities first; at least one.</summary>
    public required IReadOnlyList<PopulationScores> Populations { get; init; }

    /// <summary>DBSCAN on joint, voice and face embeddings of the first population, as far as present.</summary>
    public IReadOnlyDictionary<Modality, ClusteringScores> Clustering { get; init; } = new Dictionary<Modality, ClusteringScores>();

    /// <summary>The nearest identities of a few probes of the first population, in both directions.</summary>
    public IReadOnlyList<NearestIdentities> Nearest { get; init; } = [];

    /// <summary>Identities of the first population with both modalities.</summary>
    public int IdentityCount => Populations[0].IdentityCount;

    /// <summary>The model in the random stratum of the first population, voice to face.</summary>
    public DirectionScores VoiceToFace => Find(SystemKind.Model, RetrievalDirection.VoiceToFace)!;

    /// <summary>The same, face to voice.</summary>
    public DirectionScores FaceToVoice => Find(SystemKind.Model, RetrievalDirection.FaceToVoice)!;

    /// <summary>Any system in the random stratum of the first population; null where it was not scored.</summary>
    /// <param name="kind">The system.</param>
    /// <param name="direction">The direction.</param>
    public DirectionScores? Find(SystemKind kind, RetrievalDirection direction) =>
        Populations[0].Find(kind)?.Find(Stratum.Random, direction);
}
