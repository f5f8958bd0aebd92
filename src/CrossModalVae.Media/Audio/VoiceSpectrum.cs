namespace CrossModalVae.Audio;

/// <summary>A voice's features as a picture has them: levels over frequency, and over time where the features are frames.</summary>
/// <param name="Levels">[<paramref name="FrameCount"/>, bins] row-major: decibels above an arbitrary level, or standard deviations.</param>
/// <param name="FrameCount">Frames; 1 for the mean over time.</param>
/// <param name="BinHz">[bins], the frequency of each bin, ascending.</param>
/// <param name="HopSeconds">Time between frames.</param>
public sealed record VoiceSpectrum(
    IReadOnlyList<float> Levels, int FrameCount, IReadOnlyList<double> BinHz, double HopSeconds)
{
    /// <summary>Whether levels are decibels; else standard deviations of each bin over its own clip.</summary>
    public bool IsDecibel { get; init; } = true;

    /// <summary>[bins], the mean less the standard deviation over time, as levels are; null where it is not known.</summary>
    public IReadOnlyList<float>? Low { get; init; }

    /// <summary>[bins], the mean and the standard deviation over time, as levels are; null where it is not known.</summary>
    public IReadOnlyList<float>? High { get; init; }
}
