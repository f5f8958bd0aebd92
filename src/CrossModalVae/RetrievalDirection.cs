namespace CrossModalVae;

/// <summary>Which modality asks and which one answers.</summary>
public enum RetrievalDirection
{
    /// <summary>Voices are probes, faces the gallery: whose face goes with this voice?</summary>
    VoiceToFace,

    /// <summary>Faces are probes, voices the gallery: whose voice goes with this face?</summary>
    FaceToVoice,
}
