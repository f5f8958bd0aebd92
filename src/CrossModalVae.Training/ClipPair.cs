namespace CrossModalVae.Training;

/// <summary>A voice and a face of one person, as rows of a feature table; <see cref="Missing"/> where the modality is absent.</summary>
internal readonly record struct ClipPair(int VoiceRow, int FaceRow)
{
    public const int Missing = -1;

    public bool IsComplete => VoiceRow != Missing && FaceRow != Missing;
}
