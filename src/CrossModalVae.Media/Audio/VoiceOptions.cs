using System.Text.Json.Serialization;
using CrossModalVae.Encoders;

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
    /// <summary>Pad by reflection until it is long enough (no click, same spectrum).</summary>
    Reflect,

    /// <summary>Refuse the clip. Clips shorter than one frame are refused under either policy.</summary>
    Refuse,
}

/// <summary>Distribution of the dither over -1 to 1.</summary>
public enum DitherShape
{
    /// <summary>Uniform (VoxCeleb practice in Python).</summary>
    Uniform,

    /// <summary>Triangular, the sum of two uniform numbers (VGG's MATLAB code).</summary>
    Triangular,
}

/// <summary>When pre-emphasis is applied.</summary>
public enum PreEmphasisStage
{
    /// <summary>To the signal, after DC filter and dither.</summary>
    Signal,

    /// <summary>To the signal, before DC filter and dither.</summary>
    BeforeDc,

    /// <summary>Within each frame, after its mean is removed and before the window (Kaldi).</summary>
    Frame,
}

/// <summary>What pre-emphasis takes for the sample before the first.</summary>
public enum PreEmphasisEdge
{
    /// <summary>0: y[0] = x[0].</summary>
    Zero,

    /// <summary>The first sample: y[0] = (1 - a) x[0] (Kaldi).</summary>
    Replicate,

    /// <summary>The second sample: y[0] = x[0] - a x[1] (voxceleb_trainer).</summary>
    Reflect,
}

/// <summary>Which samples a frame covers; N is the signal's length, W the window's, L the FFT's, H the hop.</summary>
public enum VoiceFraming
{
    /// <summary>FFT-length frames with the window in their middle: (N - L) / H + 1 frames (torch.stft with center false).</summary>
    FftLength,

    /// <summary>Window-length frames, zero-padded to the FFT: (N - W) / H + 1 frames (SciPy, MATLAB, Kaldi's snip-edges).</summary>
    WindowLength,

    /// <summary>FFT-length frames centred on every H-th sample, the signal padded by reflection with L / 2 samples at both ends: N / H + 1
    /// frames (torch.stft and librosa with center true).</summary>
    CenterReflect,
}

/// <summary>The window's shape; W is its length.</summary>
public enum VoiceWindow
{
    /// <summary>0.54 - 0.46 cos(2 pi n / W), periodic (SciPy's and torch's default).</summary>
    Hamming,

    /// <summary>0.54 - 0.46 cos(2 pi n / (W - 1)), symmetric (MATLAB's and numpy's).</summary>
    HammingSymmetric,

    /// <summary>0.5 - 0.5 cos(2 pi n / W), periodic (librosa's and torch's default).</summary>
    Hann,

    /// <summary>0.5 - 0.5 cos(2 pi n / (W - 1)), symmetric.</summary>
    HannSymmetric,

    /// <summary>The symmetric Hann window to the power of 0.85 (Kaldi).</summary>
    Povey,
}

/// <summary>Magnitudes or powers of the Fourier transform X.</summary>
public enum SpectrumKind
{
    /// <summary>|X|.</summary>
    Magnitude,

    /// <summary>|X| squared.</summary>
    Power,
}

/// <summary>The kind of triangular mel filters; each spans from its left neighbour's centre to its right neighbour's.</summary>
public enum MelFilters
{
    /// <summary>Evenly spaced in 2595 log10(1 + f / 700), linear in Hz, peak 1 (torchaudio; librosa with htk true, norm None).</summary>
    Htk,

    /// <summary>Evenly spaced in Slaney's scale (linear to 1 kHz, then logarithmic), linear in Hz, area 1 (librosa's default).</summary>
    Slaney,

    /// <summary>Evenly spaced in 1127 ln(1 + f / 700), linear in mel, peak 1, without the Nyquist bin (Kaldi).</summary>
    Kaldi,
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
    /// <summary>No pooling: frames x bins features.</summary>
    None,

    /// <summary>The mean over time (the report): bins features.</summary>
    Mean,

    /// <summary>Mean and standard deviation over time: 2 x bins features, means first.</summary>
    MeanAndDeviation,
}

/// <summary>Where voice features are normalised. Training standardises them only under <see cref="Corpus"/>.</summary>
public enum FeatureNormalisation
{
    /// <summary>After pooling, each feature over the clips of the training split; the only choice when time is pooled.</summary>
    Corpus,

    /// <summary>Each bin over the frames of its own clip. Refused with pooling over time, whose result would always be 0.</summary>
    ClipOverTime,

    /// <summary>As <see cref="ClipOverTime"/>, with the unbiased standard deviation: divided by frames - 1 (MATLAB's std).</summary>
    ClipOverTimeUnbiased,

    /// <summary>No normalisation.</summary>
    None,
}

/// <summary>The voice front end of a recipe: wav to features. Defaults are the report's; <see cref="VoicePresets"/> has others.</summary>
public sealed partial record VoiceOptions
{
    // JsonPropertyOrder marks options added after the first version: they are written only where they differ from the default.

    /// <summary>The sampling rate that every clip is resampled to, in Hz. Default 16000.</summary>
    public int SampleRateHz { get; init; } = 16_000;

    /// <summary>Length of the crop, in seconds, above 0 and at most 600. Default 3.</summary>
    [JsonPropertyName("duration_s")]
    public double DurationSeconds { get; init; } = 3.0;

    /// <summary>Which part of a longer clip is used. Default: its start.</summary>
    public VoiceCrop Crop { get; init; } = VoiceCrop.Start;

    /// <summary>What happens to shorter clips. Default: padded by reflection.</summary>
    public ShortClipPolicy ShortClips { get; init; } = ShortClipPolicy.Reflect;

    /// <summary>Full scale of a sample, above 0. Default 32768, as in VoxCeleb practice and Kaldi; torchaudio has 1.</summary>
    [JsonPropertyOrder(1)]
    public double SignalScale { get; init; } = 32_768;

    /// <summary>Whether the DC filter y[n] = x[n] - x[n-1] + 0.99 y[n-1] is applied. Default true.</summary>
    public bool RemoveDc { get; init; } = true;

    /// <summary>Dither amplitude relative to the signal's standard deviation, 0 to 1; one fixed sequence. Default 1e-6; 0 is off.</summary>
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

    /// <summary>Whether each frame's mean over the window's samples is removed. Default false.</summary>
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

    /// <summary>Whether both halves of the FFT are kept (512 bins, 257 of them distinct); false with mel bins. Default true.</summary>
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

    /// <summary>A pretrained network that turns frames or samples into a vector, the clip's features; then Pooling is None, and
    /// Normalisation (Corpus or None) is that of the vectors. Default null: none.</summary>
    [JsonPropertyOrder(1)]
    public VoiceEncoderOptions? Encoder { get; init; }
}
