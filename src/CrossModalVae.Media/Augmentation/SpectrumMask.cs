namespace CrossModalVae.Augmentation;

/// <summary>A stripe of a spectrogram [frames, bins]: frames Start .. Start + Width - 1 of all bins, or bins of all frames.</summary>
/// <param name="IsTime">Frames if true, bins if false.</param>
/// <param name="Start">Zero-based.</param>
/// <param name="Width">At least 0.</param>
public readonly record struct SpectrumMask(bool IsTime, int Start, int Width);
