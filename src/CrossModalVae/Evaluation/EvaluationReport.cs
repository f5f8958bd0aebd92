namespace CrossModalVae.Evaluation;

/// <summary>Everything one evaluation found: what metrics.json holds.</summary>
public sealed record EvaluationReport
{
    /// <summary>Identities with both modalities.</summary>
    public required int IdentityCount { get; init; }

    /// <summary>Clips scored.</summary>
    public required int ClipCount { get; init; }

    /// <summary>Seed of the drawn trials.</summary>
    public required long Seed { get; init; }

    /// <summary>Voices asking for faces.</summary>
    public required DirectionScores VoiceToFace { get; init; }

    /// <summary>Faces asking for voices.</summary>
    public required DirectionScores FaceToVoice { get; init; }

    /// <summary>The ideal matcher on the same trials, voices asking; null where the true traits are unknown.</summary>
    public DirectionScores? VoiceToFaceCeiling { get; init; }

    /// <summary>The ideal matcher on the same trials, faces asking; null where the true traits are unknown.</summary>
    public DirectionScores? FaceToVoiceCeiling { get; init; }

    /// <summary>DBSCAN on joint, voice and face embeddings, as far as each is there.</summary>
    public IReadOnlyDictionary<Modality, ClusteringScores> Clustering { get; init; } = new Dictionary<Modality, ClusteringScores>();

    /// <summary>The nearest identities for a few queries, both directions.</summary>
    public IReadOnlyList<NearestIdentities> Nearest { get; init; } = [];
}
