namespace CrossModalVae.Training;

/// <summary>
/// A voice and a face of one person, as rows of a feature table, <see cref="Missing"/> where the modality is absent, and of each which
/// view: 0 the clip as it is, then the augmented ones.
/// </summary>
internal readonly record struct ClipPair(int VoiceRow, int FaceRow, int VoiceView = 0, int FaceView = 0)
{
    public const int Missing = -1;

    public bool IsComplete => VoiceRow != Missing && FaceRow != Missing;
}
