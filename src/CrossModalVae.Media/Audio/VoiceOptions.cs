using System.Text.Json.Serialization;

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

/// <summary>What is done to magnitudes, powers or mel bins before pooling; floor is <see cref="VoiceOptions.LogFloor"/>.</summary>
public enum SpectrumCompression
{
    /// <summary>Nothing (the report).</summary>
    None,

    /// <summary>ln(x + floor). With the default floor of 1, one step of a 16-bit sample, silence gives exactly 0.</summary>
    Log,

    /// <summary>ln(max(x, floor)) (Kaldi).</summary>
    FlooredLog,
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

/// <summary>
/// Where features are normalised. Only <see cref="Corpus"/> makes training standardise voice features;
/// the others reach the networks as they are.
/// </summary>
public enum FeatureNormalisation
{
    /// <summary>After pooling, each feature over the clips of the training split. The only order that keeps information when time is
    /// pooled.</summary>
    Corpus,

    /// <summary>Each bin over the frames of its own clip, before pooling. With pooling over time this is identically zero: the guard
    /// refuses it.</summary>
    ClipOverTime,

    /// <summary>
    /// As <see cref="ClipOverTime"/> with the deviation's sum of squares divided by one less than the frames (MATLAB's std).
    /// </summary>
    ClipOverTimeUnbiased,

    /// <summary>Nowhere.</summary>
    None,
}

/// <summary>
/// The voice front end of a recipe: wav to features. Defaults are the report's; <see cref="VoicePresets"/> has the field's others.
/// </summary>
public sealed partial record VoiceOptions
{
    // JsonPropertyOrder: the option came after the first version and is written only where it is not at its default; new ones have it too.

    /// <summary>The rate every clip is brought to, in Hz. Default 16000.</summary>
    public int SampleRateHz { get; init; } = 16_000;

    /// <summary>How much of a clip is used, in seconds, at most 600. Default 3.</summary>
    [JsonPropertyName("duration_s")]
    public double DurationSeconds { get; init; } = 3.0;

    /// <summary>Which part of a longer clip is used. Default: its start.</summary>
    public VoiceCrop Crop { get; init; } = VoiceCrop.Start;

    /// <summary>What happens to shorter clips. Default: mirrored at their ends.</summary>
    public ShortClipPolicy ShortClips { get; init; } = ShortClipPolicy.Reflect;

    /// <summary>
    /// What full scale of a sample becomes, above 0. Default 32768, the 16-bit scale of VoxCeleb practice and
    /// Kaldi; 1 for torchaudio's and librosa's.
    /// </summary>
    [JsonPropertyOrder(1)]
    public double SignalScale { get; init; } = 32_768;

    /// <summary>Whether the DC filter y[n] = x[n] - x[n-1] + 0.99 y[n-1] is applied. Default true.</summary>
    public bool RemoveDc { get; init; } = true;

    /// <summary>Dither amplitude relative to the signal's standard deviation; uniform, the same for a clip every time. Default 1e-6; 0
    /// turns it off.</summary>
    public double Dither { get; init; } = 1e-6;

    /// <summary>How the dither is distributed. Default uniform.</summary>
    [JsonPropertyOrder(1)]
    public DitherShape DitherShape { get; init; } = DitherShape.Uniform;

    /// <summary>Pre-emphasis coefficient a of y[n] = x[n] - a x[n-1]. Default 0.97; 0 turns it off.</summary>
    public double PreEmphasis { get; init; } = 0.97;

    /// <summary>When pre-emphasis is applied. Default after DC filter and dither.</summary>
    [JsonPropertyOrder(1)]
    public PreEmphasisStage PreEmphasisStage { get; init; } = PreEmphasisStage.Signal;

    /// <summary>What pre-emphasis takes for the sample before the first. Default 0.</summary>
    [JsonPropertyOrder(1)]
    public PreEmphasisEdge PreEmphasisEdge { get; init; } = PreEmphasisEdge.Zero;

    /// <summary>Which samples a frame covers. Default as many as the FFT's length.</summary>
    [JsonPropertyOrder(1)]
    public VoiceFraming Framing { get; init; } = VoiceFraming.FftLength;

    /// <summary>Whether each frame loses its mean over the window's samples. Default false.</summary>
    [JsonPropertyOrder(1)]
    public bool RemoveFrameMean { get; init; }

    /// <summary>The window's shape. Default a periodic Hamming window.</summary>
    [JsonPropertyOrder(1)]
    public VoiceWindow Window { get; init; } = VoiceWindow.Hamming;

    /// <summary>Window length, in seconds. Default 0.025 (400 samples).</summary>
    [JsonPropertyName("window_s")]
    public double WindowSeconds { get; init; } = 0.025;

    /// <summary>Hop between frames, in seconds. Default 0.01 (160 samples).</summary>
    [JsonPropertyName("hop_s")]
    public double HopSeconds { get; init; } = 0.01;

    /// <summary>FFT length in samples, a power of two at least the window's length. Default 512.</summary>
    public int FftLength { get; init; } = 512;

    /// <summary>Magnitudes or powers. Default magnitudes.</summary>
    [JsonPropertyOrder(1)]
    public SpectrumKind Spectrum { get; init; } = SpectrumKind.Magnitude;

    /// <summary>A factor on the magnitudes (squared on powers), above 0. Default 1.</summary>
    [JsonPropertyOrder(1)]
    public double SpectrumScale { get; init; } = 1;

    /// <summary>
    /// Whether both halves of the FFT are kept (512 bins, of which 257 are distinct), as in the report; false with mel bins. Default true.
    /// </summary>
    public bool TwoSided { get; init; } = true;

    /// <summary>Mel bins; 0 keeps the FFT's own. Default 0.</summary>
    [JsonPropertyOrder(1)]
    public int MelBins { get; init; }

    /// <summary>The kind of mel filters, where there are any. Default HTK's.</summary>
    [JsonPropertyOrder(1)]
    public MelFilters MelFilters { get; init; } = MelFilters.Htk;

    /// <summary>Where the first mel filter starts, in Hz. Default 0.</summary>
    [JsonPropertyOrder(1)]
    public double MelLowHz { get; init; }

    /// <summary>Where the last mel filter ends, in Hz, at most half the rate; 0 means half the rate. Default 0.</summary>
    [JsonPropertyOrder(1)]
    public double MelHighHz { get; init; }

    /// <summary>Compression of magnitudes, powers or mel bins. Default none.</summary>
    public SpectrumCompression Compression { get; init; } = SpectrumCompression.None;

    /// <summary>The floor under the logarithm, above 0. Default 1.</summary>
    [JsonPropertyOrder(1)]
    public double LogFloor { get; init; } = 1;

    /// <summary>Pooling over time. Default the mean.</summary>
    public TimePooling Pooling { get; init; } = TimePooling.Mean;

    /// <summary>Where features are normalised. Default over the corpus, after pooling.</summary>
    public FeatureNormalisation Normalisation { get; init; } = FeatureNormalisation.Corpus;
}
