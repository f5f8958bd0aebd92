namespace CrossModalVae;

/// <summary>What a row of features or an embedding was computed from.</summary>
public enum Modality
{
    /// <summary>The sound of a clip.</summary>
    Voice,

    /// <summary>The face frames of a clip.</summary>
    Face,

    /// <summary>Both together; embeddings only.</summary>
    Joint,
}

/// <summary>The modalities of probes and gallery.</summary>
public enum RetrievalDirection
{
    /// <summary>Voices are probes, faces the gallery: whose face goes with this voice?</summary>
    VoiceToFace,

    /// <summary>Faces are probes, voices the gallery: whose voice goes with this face?</summary>
    FaceToVoice,
}
