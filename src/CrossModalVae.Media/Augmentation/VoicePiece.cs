namespace CrossModalVae.Augmentation;

/// <summary>A recording, or the part of one that is a clip.</summary>
/// <param name="Path">The wav file.</param>
/// <param name="StartSeconds">Where it starts.</param>
/// <param name="DurationSeconds">How long it is; null to the end.</param>
internal readonly record struct VoicePiece(string Path, double StartSeconds = 0, double? DurationSeconds = null);
