namespace CrossModalVae.Audio;

/// <summary>
/// The steps from a signal's frames to rows of numbers, in order: cut, remove the mean, pre-emphasise, window, transform, square, mel
/// filters.
/// </summary>
internal sealed record FrameSteps(
    double[] Window, // [window], times the scale of the magnitudes
    int HopSamples,
    int FftLength,
    bool WindowFrames = false, // frames of the window's length instead of the transform's
    bool RemoveMean = false, // over the window's samples of each frame
    double PreEmphasis = 0, // within each frame; 0 is off
    PreEmphasisEdge Edge = PreEmphasisEdge.Zero,
    bool Power = false, // squared magnitudes
    MelFilterBank? Mel = null)
{
    /// <summary>Samples of a frame.</summary>
    public int FrameSamples => WindowFrames ? Window.Length : FftLength;

    /// <summary>Where the window starts in a frame.</summary>
    public int WindowStart => WindowFrames ? 0 : (FftLength - Window.Length) / 2;

    /// <summary>The steps of valid options.</summary>
    public static FrameSteps Of(VoiceOptions options) => new(
        MakeWindow(options.Window, options.WindowSamples, options.SpectrumScale),
        options.HopSamples,
        options.FftLength,
        options.Framing == VoiceFraming.WindowLength,
        options.RemoveFrameMean,
        options.PreEmphasisStage == PreEmphasisStage.Frame ? options.PreEmphasis : 0,
        options.PreEmphasisEdge,
        options.Spectrum == SpectrumKind.Power,
        options.MakeMelFilters());

    /// <summary>A window times a scale, in double precision (NWaves' windows have single precision).</summary>
    public static double[] MakeWindow(VoiceWindow shape, int length, double scale)
    {
        bool isPeriodic = shape is VoiceWindow.Hamming or VoiceWindow.Hann; // the symmetric one of length + 1, without its last sample
        double step = 2 * Math.PI / (isPeriodic ? length : length - 1);
        return [.. Enumerable.Range(0, length).Select(n => scale * Value(Math.Cos(step * n)))];

        double Value(double cosine) => shape switch
        {
            VoiceWindow.Hamming or VoiceWindow.HammingSymmetric => 0.54 - (0.46 * cosine),
            VoiceWindow.Hann or VoiceWindow.HannSymmetric => 0.5 - (0.5 * cosine),
            _ => Math.Pow(0.5 - (0.5 * cosine), 0.85),
        };
    }
}
