using CrossModalVae.Encoders;
using CrossModalVae.Files;

namespace CrossModalVae.Audio;

/// <summary>
/// The voice front ends of the field by name: from a clip to frames. Every preset leaves <see cref="VoiceOptions.Pooling"/> and
/// <see cref="VoiceOptions.Normalisation"/> at their defaults, the mean over time and the corpus; the published versions have Pooling None
/// and the normalisation named below. Change any option by <c>with</c>; in a recipe's voice section <c>"preset"</c> names a preset and the
/// other fields override it.
/// </summary>
/// <remarks>
/// Largest errors against the published tools in double precision, in units of each bin's standard deviation over time, over the first
/// clips of 48 LibriSpeech speakers (measured by VoiceErrorTests): report 1.7e-4, voxceleb-scipy 9.6e-5, vgg-matlab 9.9e-5, kaldi-fbank
/// 8.4e-5, log-mel-64 3.6e-5, log-mel-80 4.1e-5. Mel filters are computed in double precision: Kaldi's logarithm has a very low floor, and
/// single precision, as in torchaudio, is off by 2.5e-3 and more in the nearly empty filters of loud frames. Every preset crops the clip
/// first, so filters start at the crop from rest, statistics are the crop's, and the dither is one fixed sequence; the published code
/// filters whole utterances and draws crop and dither at random. A bin that does not vary normalises to 0, not to NaN.
/// </remarks>
public static class VoicePresets
{
    /// <summary>report: the defaults. 3 s, DC filter, dither, pre-emphasis, periodic Hamming window of 400 centred in frames of 512,
    /// magnitudes of both halves of the FFT: [297, 512]. Published with pooling Mean after a normalisation over time, which erases the
    /// voice; here normalised over the corpus.</summary>
    public static VoiceOptions Report => new();

    /// <summary>voxceleb-scipy: v-iashin/VoxCeleb, by scipy.signal.spectrogram: pre-emphasis first, then DC filter and dither,
    /// frames of 400 less their mean, periodic Hamming, magnitudes of both halves in SciPy's density scale times 1600: [298,
    /// 512]. Published with ClipOverTime.</summary>
    public static VoiceOptions VoxCelebScipy => new()
    {
        PreEmphasisStage = PreEmphasisStage.BeforeDc,
        RemoveFrameMean = true,
        Framing = VoiceFraming.WindowLength,

        // scale = 1600 sqrt(1 / (rate x sum of the squared window)); the sum is 400 (0.54^2 + 0.46^2 / 2) for a periodic Hamming window.
        SpectrumScale = 1_600 / Math.Sqrt(16_000 * 400 * ((0.54 * 0.54) + (0.46 * 0.46 / 2))),
    };

    /// <summary>vgg-matlab: a-nagrani/VGGVox (Nagrani, Chung, Zisserman 2017): DC filter, triangular dither, pre-emphasis,
    /// frames of 400, symmetric Hamming, magnitudes of both halves; 3.015 s, which are the network's 300 frames: [300, 512].
    /// Published with ClipOverTimeUnbiased.</summary>
    public static VoiceOptions VggMatlab => new()
    {
        DurationSeconds = 3.015,
        DitherShape = DitherShape.Triangular,
        Framing = VoiceFraming.WindowLength,
        Window = VoiceWindow.HammingSymmetric,
    };

    /// <summary>kaldi-fbank: Kaldi's compute-fbank-feats with 80 bins and torchaudio's compliance.kaldi.fbank: 16-bit scale, frames of
    /// 400 less their mean, pre-emphasis in the frame, Povey window, powers, Kaldi's mel filters from 20 Hz, ln(max(x, 2^-23)): [298,
    /// 80]. No dither. Published with None.</summary>
    public static VoiceOptions KaldiFbank => new()
    {
        RemoveDc = false,
        Dither = 0,
        RemoveFrameMean = true,
        PreEmphasisStage = PreEmphasisStage.Frame,
        PreEmphasisEdge = PreEmphasisEdge.Replicate,
        Framing = VoiceFraming.WindowLength,
        Window = VoiceWindow.Povey,
        Spectrum = SpectrumKind.Power,
        TwoSided = false,
        MelBins = 80,
        MelFilters = MelFilters.Kaldi,
        MelLowHz = 20,
        Compression = SpectrumCompression.FlooredLog,
        LogFloor = 1.0 / (1 << 23),
    };

    /// <summary>log-mel-64: clovaai/voxceleb_trainer with 64 bins, by torchaudio's MelSpectrogram: samples of -1 to 1,
    /// pre-emphasis, periodic Hamming window of 400 centred in frames of 512, mirrored ends, powers, HTK mel filters, ln(x + 1e-6):
    /// [301, 64]. Published with ClipOverTime.</summary>
    public static VoiceOptions LogMel64 => LogMel(64);

    /// <summary>log-mel-80: as <see cref="LogMel64"/> with 80 bins: [301, 80].</summary>
    public static VoiceOptions LogMel80 => LogMel(80);

    /// <summary>The presets' names: report, voxceleb-scipy, vgg-matlab, kaldi-fbank, log-mel-64, log-mel-80.</summary>
    public static IReadOnlyList<string> Names { get; } =
        ["report", "voxceleb-scipy", "vgg-matlab", "kaldi-fbank", "log-mel-64", "log-mel-80"];

    /// <summary>The options of a preset.</summary>
    /// <param name="name">One of <see cref="Names"/>; the comparison is exact.</param>
    /// <exception cref="ArgumentException">There is no such preset.</exception>
    public static VoiceOptions Get(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name switch
        {
            "report" => Report,
            "voxceleb-scipy" => VoxCelebScipy,
            "vgg-matlab" => VggMatlab,
            "kaldi-fbank" => KaldiFbank,
            "log-mel-64" => LogMel64,
            "log-mel-80" => LogMel80,
            _ => throw UserError.Mark(new ArgumentException(
                $"'{name}' is no voice preset; must be one of {string.Join(", ", Names)}"
                + (Suggestion.For(name, Names) is string suggestion ? $"; did you mean '{suggestion}'?" : "."),
                nameof(name))),
        };
    }

    /// <summary>The front end whose frames or samples the encoders of a preset were trained on; the report's without one.</summary>
    internal static VoiceOptions ForEncoder(VoiceEncoderPreset preset) => preset switch
    {
        VoiceEncoderPreset.EcapaTdnn or VoiceEncoderPreset.WespeakerResnet34 =>
            KaldiFbank with { Window = VoiceWindow.HammingSymmetric, Pooling = TimePooling.None },
        VoiceEncoderPreset.EcapaTdnnSamples => new() { SignalScale = 1, Pooling = TimePooling.None },
        VoiceEncoderPreset.Titanet => new()
        {
            SignalScale = 1,
            RemoveDc = false,
            Dither = 0,
            Framing = VoiceFraming.CenterReflect,
            Window = VoiceWindow.HannSymmetric,
            Spectrum = SpectrumKind.Power,
            TwoSided = false,
            MelBins = 80,
            MelFilters = MelFilters.Slaney,
            Compression = SpectrumCompression.Log,
            LogFloor = 1.0 / (1 << 24),
            Pooling = TimePooling.None,
        },
        _ => new(),
    };

    private static VoiceOptions LogMel(int bins) => new()
    {
        SignalScale = 1,
        RemoveDc = false,
        Dither = 0,
        PreEmphasisEdge = PreEmphasisEdge.Reflect,
        Framing = VoiceFraming.CenterReflect,
        Spectrum = SpectrumKind.Power,
        TwoSided = false,
        MelBins = bins,
        MelFilters = MelFilters.Htk,
        Compression = SpectrumCompression.Log,
        LogFloor = 1e-6,
    };
}
