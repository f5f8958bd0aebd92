using CrossModalVae.Clusters;
using CrossModalVae.Retrieval;

namespace CrossModalVae.Evaluation;

/// <summary>Everything one evaluation found: what metrics.json holds.</summary>
public sealed record EvaluationReport
{
    /// <summary>What nearness means.</summary>
    public required RankingMetric Metric { get; init; }

    /// <summary>How trials and identities were drawn.</summary>
    public required ProtocolOptions Options { get; init; }

    /// <summary>One entry a split, people never seen first; at least one.</summary>
    public required IReadOnlyList<PopulationScores> Populations { get; init; }

    /// <summary>DBSCAN on joint, voice and face embeddings of the first population, as far as each is there.</summary>
    public IReadOnlyDictionary<Modality, ClusteringScores> Clustering { get; init; } = new Dictionary<Modality, ClusteringScores>();

    /// <summary>The nearest identities for a few queries of the first population, both directions.</summary>
    public IReadOnlyList<NearestIdentities> Nearest { get; init; } = [];

    /// <summary>Identities of the first population with both modalities.</summary>
    public int IdentityCount => Populations[0].IdentityCount;

    /// <summary>The model among everybody of the first population, voices asking for faces.</summary>
    public DirectionScores VoiceToFace => Find(SystemKind.Model, RetrievalDirection.VoiceToFace)!;

    /// <summary>The same, faces asking for voices.</summary>
    public DirectionScores FaceToVoice => Find(SystemKind.Model, RetrievalDirection.FaceToVoice)!;

    /// <summary>Any system among everybody of the first population; null where it was not scored.</summary>
    /// <param name="kind">The system.</param>
    /// <param name="direction">The direction.</param>
    public DirectionScores? Find(SystemKind kind, RetrievalDirection direction) =>
        Populations[0].Find(kind)?.Find(Stratum.Random, direction);
}
