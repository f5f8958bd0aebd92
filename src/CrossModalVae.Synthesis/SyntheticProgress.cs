namespace CrossModalVae.Synthesis;

/// <summary>How far a generation has come.</summary>
/// <param name="DoneClips">Clips whose files all lie in their places.</param>
/// <param name="TotalClips">Clips of the whole corpus.</param>
public readonly record struct SyntheticProgress(int DoneClips, int TotalClips);
