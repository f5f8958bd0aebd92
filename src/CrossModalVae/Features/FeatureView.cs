namespace CrossModalVae.Features;

/// <summary>One augmented view of the clips of a <see cref="FeatureTable"/>, in its row order and layout.</summary>
/// <param name="Voice">[N, VoiceLength] row-major; the rows of clips without a voice are unused.</param>
/// <param name="Face">[N, FaceLength] row-major; the rows of clips without a face are unused.</param>
public sealed record FeatureView(float[] Voice, float[] Face);
