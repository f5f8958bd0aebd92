using System.Text.Json.Serialization;

namespace CrossModalVae.Encoders;

/// <summary>Layouts of voice encoders by name, with the front end that makes their frames: a preset has no weights.</summary>
public enum VoiceEncoderPreset
{
    /// <summary>None: the other options and the voice section say everything.</summary>
    None,

    /// <summary>ECAPA-TDNN as WeSpeaker exports it: as <see cref="WespeakerResnet34"/>.</summary>
    EcapaTdnn,

    /// <summary>ECAPA-TDNN as SpeechBrain's spkrec-ecapa-voxceleb takes it whole: samples of 16 kHz from -1 to 1, [batch, samples]; the
    /// graph has its own filter bank.</summary>
    EcapaTdnnSamples,

    /// <summary>WeSpeaker's ResNet-34 (wespeaker/bin/export_onnx.py and infer_onnx.py): feats [batch, frames, 80], Kaldi's filter bank with
    /// a Hamming window, less its mean over the clip; output embs.</summary>
    WespeakerResnet34,

    /// <summary>NVIDIA NeMo's TitaNet (titanet-large.yaml, AudioToMelSpectrogramPreprocessor): audio_signal [batch, 80, frames] and length
    /// [batch], log-mel normalised over the clip; output embs.</summary>
    Titanet,
}

/// <summary>What a voice encoder takes.</summary>
public enum VoiceEncoderInput
{
    /// <summary>As the preset has it, or the rank of the graph's input: samples for two axes, frames for three.</summary>
    Auto,

    /// <summary>The frames that the voice section makes, [T, F].</summary>
    Frames,

    /// <summary>Samples: the voice section's rate, duration, crop and scale, and nothing else of it.</summary>
    Samples,
}

/// <summary>The order of the axes of frames.</summary>
public enum FrameLayout
{
    /// <summary>As the preset has it, or the shape of the graph's input.</summary>
    Auto,

    /// <summary>[batch, frames, bins].</summary>
    FramesFirst,

    /// <summary>[batch, bins, frames].</summary>
    BinsFirst,
}

/// <summary>How frames are normalised over their clip before they are scored.</summary>
public enum FrameNormalisation
{
    /// <summary>As the preset has it.</summary>
    Auto,

    /// <summary>Not at all.</summary>
    None,

    /// <summary>Each bin less its mean (cepstral mean normalisation).</summary>
    Mean,

    /// <summary>Each bin less its mean, divided by its standard deviation (N - 1).</summary>
    MeanAndDeviation,
}

/// <summary>
/// A pretrained voice network as a frozen front end: a clip's frames or samples become a vector, its features. What is left at its default
/// comes from the preset; a recipe as used has every option and no preset.
/// </summary>
public sealed record VoiceEncoderOptions
{
    /// <summary>The ONNX file. Default empty: it is named where the recipe is used.</summary>
    [JsonPropertyOrder(1)]
    public string Path { get; init; } = "";

    /// <summary>The layout by name, and the front end whose options are the voice section's defaults. Default none.</summary>
    [JsonPropertyOrder(1)]
    public VoiceEncoderPreset Preset { get; init; }

    /// <summary>What the graph takes. Default auto.</summary>
    [JsonPropertyOrder(1)]
    public VoiceEncoderInput Takes { get; init; }

    /// <summary>The order of the axes of frames. Default auto.</summary>
    [JsonPropertyOrder(1)]
    public FrameLayout Layout { get; init; }

    /// <summary>How frames are normalised. Default auto.</summary>
    [JsonPropertyOrder(1)]
    public FrameNormalisation Frames { get; init; }

    /// <summary>The graph's input; may be empty where it has one besides the length. Default empty.</summary>
    [JsonPropertyOrder(1)]
    public string Input { get; init; } = "";

    /// <summary>An input [batch] that receives the length: the number of frames or samples where it is of whole numbers, 1 (all of it)
    /// where it is of floats. Default empty: there is none.</summary>
    [JsonPropertyOrder(1)]
    public string LengthInput { get; init; } = "";

    /// <summary>The output that is the vector; may be empty where the graph has one. Default empty.</summary>
    [JsonPropertyOrder(1)]
    public string Output { get; init; } = "";

    /// <summary>What becomes of the vector. Default auto.</summary>
    [JsonPropertyOrder(1)]
    public VectorNormalisation Vector { get; init; }

    /// <summary>SHA-256 of the file that is expected, 64 lower-case hexadecimal digits; empty accepts any. Default empty.</summary>
    [JsonPropertyOrder(1)]
    public string Sha256 { get; init; } = "";

    /// <summary>The weights' licence, for the model card; empty takes the file's metadata. Default empty.</summary>
    [JsonPropertyOrder(1)]
    public string Licence { get; init; } = "";

    /// <summary>Where the weights come from, for the model card; empty takes the file's metadata. Default empty.</summary>
    [JsonPropertyOrder(1)]
    public string Source { get; init; } = "";

    /// <summary>Whether nothing is left to preset and file.</summary>
    internal bool IsResolved => Vector != VectorNormalisation.Auto
        && (Takes == VoiceEncoderInput.Samples
            || (Takes == VoiceEncoderInput.Frames && Layout != FrameLayout.Auto && Frames != FrameNormalisation.Auto));

    /// <summary>Reports every fault of these options at once.</summary>
    /// <exception cref="ArgumentException">A value is out of range, or options contradict each other; the message lists all
    /// faults.</exception>
    public void Validate()
    {
        var faults = new OptionFaults();
        faults.Member(Preset);
        faults.Member(Takes);
        faults.Member(Layout);
        faults.Member(Frames);
        faults.Member(Vector);
        faults.Add(EncoderHash.Faults(Sha256));
        bool hasFrames = Layout != FrameLayout.Auto || Frames is not (FrameNormalisation.Auto or FrameNormalisation.None);
        if (Takes == VoiceEncoderInput.Samples && hasFrames)
        {
            faults.Add("'Takes' is Samples, and 'Layout' or 'Frames' is given; samples have no frames, so neither may be.");
        }

        faults.ThrowIfAny();
    }

    /// <summary>The layout of a preset.</summary>
    internal static VoiceEncoderOptions Of(VoiceEncoderPreset preset) => preset switch
    {
        VoiceEncoderPreset.None => new(),
        VoiceEncoderPreset.EcapaTdnn or VoiceEncoderPreset.WespeakerResnet34 => new()
        {
            Takes = VoiceEncoderInput.Frames,
            Layout = FrameLayout.FramesFirst,
            Frames = FrameNormalisation.Mean,
            Vector = VectorNormalisation.UnitLength,
        },
        VoiceEncoderPreset.EcapaTdnnSamples => new()
        {
            Takes = VoiceEncoderInput.Samples,
            Vector = VectorNormalisation.UnitLength,
        },
        VoiceEncoderPreset.Titanet => new()
        {
            Takes = VoiceEncoderInput.Frames,
            Layout = FrameLayout.BinsFirst,
            Frames = FrameNormalisation.MeanAndDeviation,
            Input = "audio_signal",
            LengthInput = "length",
            Output = "embs",
            Vector = VectorNormalisation.UnitLength,
        },
        _ => throw new ArgumentOutOfRangeException(nameof(preset), preset, "'preset' is no voice encoder's."),
    };
}
