namespace CrossModalVae.Audio;

/// <summary>Which samples of a longer clip are used.</summary>
public enum VoiceCrop
{
    /// <summary>The first <see cref="VoiceOptions.DurationSeconds"/>.</summary>
    Start,

    /// <summary>The middle.</summary>
    Center,
}

/// <summary>What happens to a clip shorter than <see cref="VoiceOptions.DurationSeconds"/>.</summary>
public enum ShortClipPolicy
{
    /// <summary>Mirror the signal at its ends until it is long enough (no click, same spectrum).</summary>
    Reflect,

    /// <summary>Refuse the clip. Clips shorter than one frame are refused under either policy.</summary>
    Refuse,
}

/// <summary>What is done to the magnitudes before pooling.</summary>
public enum SpectrumCompression
{
    /// <summary>Magnitudes as they are (the report).</summary>
    None,

    /// <summary>ln(magnitude + 1), of magnitudes in 16-bit scale: silence gives exactly 0 (<see cref="VoiceFrontEnd.LogFloor"/>).</summary>
    Log,
}

/// <summary>How [frames, bins] becomes one row of features.</summary>
public enum TimePooling
{
    /// <summary>Not at all: frames x bins features.</summary>
    None,

    /// <summary>The mean over time (the report): bins features.</summary>
    Mean,

    /// <summary>Mean and standard deviation over time: 2 x bins features, means first.</summary>
    MeanAndDeviation,
}

/// <summary>Where features are normalised.</summary>
public enum FeatureNormalisation
{
    /// <summary>After pooling, each feature over the clips of the training split. The only order that keeps information when time is
    /// pooled.</summary>
    Corpus,

    /// <summary>Each bin over the frames of its own clip, before pooling. With pooling over time this is identically zero: the guard
    /// refuses it.</summary>
    ClipOverTime,
}

/// <summary>The voice front end of a recipe: wav to features. Defaults are the report's.</summary>
public sealed partial record VoiceOptions
{
    /// <summary>The rate every clip is brought to, in Hz. Default 16000.</summary>
    public int SampleRateHz { get; init; } = 16_000;

    /// <summary>How much of a clip is used, in seconds, at most 600. Default 3.</summary>
    public double DurationSeconds { get; init; } = 3.0;

    /// <summary>Which part of a longer clip is used. Default: its start.</summary>
    public VoiceCrop Crop { get; init; } = VoiceCrop.Start;

    /// <summary>What happens to shorter clips. Default: mirrored at their ends.</summary>
    public ShortClipPolicy ShortClips { get; init; } = ShortClipPolicy.Reflect;

    /// <summary>Whether the DC filter y[n] = x[n] - x[n-1] + 0.99 y[n-1] is applied. Default true.</summary>
    public bool RemoveDc { get; init; } = true;

    /// <summary>Dither amplitude relative to the signal's standard deviation; uniform, the same for a clip every time. Default 1e-6; 0
    /// turns it off.</summary>
    public double Dither { get; init; } = 1e-6;

    /// <summary>Pre-emphasis coefficient a of y[n] = x[n] - a x[n-1]. Default 0.97; 0 turns it off.</summary>
    public double PreEmphasis { get; init; } = 0.97;

    /// <summary>Hamming window length, in seconds. Default 0.025 (400 samples).</summary>
    public double WindowSeconds { get; init; } = 0.025;

    /// <summary>Hop between frames, in seconds. Default 0.01 (160 samples).</summary>
    public double HopSeconds { get; init; } = 0.01;

    /// <summary>FFT length in samples, a power of two at least the window's length; frames are this long. Default 512.</summary>
    public int FftLength { get; init; } = 512;

    /// <summary>Whether both halves of the FFT are kept (512 bins, of which 257 are distinct), as in the report. Default true.</summary>
    public bool TwoSided { get; init; } = true;

    /// <summary>Compression of the magnitudes. Default none.</summary>
    public SpectrumCompression Compression { get; init; } = SpectrumCompression.None;

    /// <summary>Pooling over time. Default the mean.</summary>
    public TimePooling Pooling { get; init; } = TimePooling.Mean;

    /// <summary>Where features are normalised. Default over the corpus, after pooling.</summary>
    public FeatureNormalisation Normalisation { get; init; } = FeatureNormalisation.Corpus;
}
