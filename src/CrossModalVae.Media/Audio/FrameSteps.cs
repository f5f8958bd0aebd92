namespace CrossModalVae.Audio;

/// <summary>
/// What turns a signal's frames into rows of numbers, in this order: cut, remove the mean,
/// pre-emphasise, window, transform, square, mel filters.
/// </summary>
internal sealed record FrameSteps
{
    /// <summary>[window] the window, already times the scale of the magnitudes.</summary>
    public required double[] Window { get; init; }

    /// <summary>Samples between frames.</summary>
    public required int HopSamples { get; init; }

    /// <summary>Samples of the transform.</summary>
    public required int FftLength { get; init; }

    /// <summary>Whether frames have the window's length instead of the transform's.</summary>
    public bool WindowFrames { get; init; }

    /// <summary>Whether the mean over the window's samples is removed from each frame.</summary>
    public bool RemoveMean { get; init; }

    /// <summary>Pre-emphasis inside each frame; 0 for none.</summary>
    public double PreEmphasis { get; init; }

    /// <summary>What stands before a frame's first sample.</summary>
    public PreEmphasisEdge Edge { get; init; }

    /// <summary>Whether magnitudes are squared.</summary>
    public bool Power { get; init; }

    /// <summary>The mel filters; null for the transform's own bins.</summary>
    public MelFilterBank? Mel { get; init; }

    /// <summary>Samples of a frame.</summary>
    public int FrameSamples => WindowFrames ? Window.Length : FftLength;

    /// <summary>Where the window starts in a frame.</summary>
    public int WindowStart => WindowFrames ? 0 : (FftLength - Window.Length) / 2;

    /// <summary>The steps of a recipe's options, which have been checked.</summary>
    public static FrameSteps Of(VoiceOptions options)
    {
        bool inFrames = options.PreEmphasisStage == PreEmphasisStage.Frame;
        return new FrameSteps
        {
            Window = MakeWindow(options.Window, options.WindowSamples, options.SpectrumScale),
            HopSamples = options.HopSamples,
            FftLength = options.FftLength,
            WindowFrames = options.Framing == VoiceFraming.WindowLength,
            RemoveMean = options.RemoveFrameMean,
            PreEmphasis = inFrames ? options.PreEmphasis : 0,
            Edge = options.PreEmphasisEdge,
            Power = options.Spectrum == SpectrumKind.Power,
            Mel = options.MakeMelFilters(),
        };
    }

    /// <summary>A window times a scale, in double precision (NWaves' windows are in single precision).</summary>
    public static double[] MakeWindow(VoiceWindow shape, int length, double scale)
    {
        bool isPeriodic = shape is VoiceWindow.Hamming or VoiceWindow.Hann; // a symmetric one that is a sample longer, without its last
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
