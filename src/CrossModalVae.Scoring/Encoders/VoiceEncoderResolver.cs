using CrossModalVae.Audio;
using CrossModalVae.Encoders;
using CrossModalVae.Files;

namespace CrossModalVae.Scoring.Encoders;

/// <summary>A recipe's voice encoder against its file: what the recipe leaves out comes from the preset, and that from the file.</summary>
internal static class VoiceEncoderResolver
{
    private const string Section = "voice.encoder";

    /// <summary>The voice section with every option of the encoder, and how its graph is fed.</summary>
    /// <exception cref="InvalidDataException">The file is another one, has another layout, or says too little.</exception>
    public static (VoiceOptions Options, EncoderBinding Binding) Resolve(VoiceOptions voice, EncoderFile file)
    {
        VoiceEncoderOptions own = voice.Encoder!;
        EncoderPresets.RequireHash(file, own.Sha256, Section);
        VoiceEncoderOptions preset = VoiceEncoderOptions.Of(EncoderPresets.Choose(file, own.Preset, VoiceEncoderPreset.None, Section));
        EncoderTensor? length = Length(file, own.LengthInput.Length > 0 ? own.LengthInput : preset.LengthInput);
        EncoderTensor[] inputs = [.. file.Inputs.Where(tensor => tensor != length)];
        EncoderTensor input = EncoderBinding.Find(file, Section, "input", inputs, own.Input.Length > 0 ? own.Input : preset.Input);
        VoiceEncoderInput takes = own.Takes != VoiceEncoderInput.Auto ? own.Takes
            : preset.Takes != VoiceEncoderInput.Auto ? preset.Takes
            : input.Shape.Count == 2 ? VoiceEncoderInput.Samples
            : VoiceEncoderInput.Frames;
        bool hasFrames = takes == VoiceEncoderInput.Frames;
        var plain = new VoiceFrontEnd(voice with { Encoder = null });
        FrameLayout layout = own.Layout != FrameLayout.Auto ? own.Layout
            : preset.Layout != FrameLayout.Auto || !hasFrames ? preset.Layout
            : Infer(input, plain.BinCount);
        string outputName = own.Output.Length > 0 ? own.Output : preset.Output;
        EncoderTensor output = EncoderBinding.Find(file, Section, "output", file.Outputs, outputName);
        VoiceEncoderOptions resolved = own with
        {
            Preset = VoiceEncoderPreset.None,
            Takes = takes,
            Layout = layout,
            Frames = own.Frames != FrameNormalisation.Auto ? own.Frames : preset.Frames,
            Input = input.Name,
            LengthInput = length?.Name ?? "",
            Output = output.Name,
            Vector = EncoderPresets.Vector(own.Vector, preset.Vector),
            Sha256 = file.Sha256,
            Licence = EncoderPresets.Text(own.Licence, file, EncoderFile.LicenceKey),
            Source = EncoderPresets.Text(own.Source, file, EncoderFile.SourceKey),
        };
        string[] missing =
        [
            .. new[]
            {
                hasFrames && layout == FrameLayout.Auto ? "layout" : "",
                hasFrames && resolved.Frames == FrameNormalisation.Auto ? "frames" : "",
            }.Where(name => name.Length > 0),
        ];
        EncoderPresets.RequireComplete<VoiceEncoderPreset>(file, missing, Section);
        int samples = voice.SampleCount;
        int[] shape = !hasFrames ? input.Shape.Count == 3 ? [1, samples] : [samples]
            : layout == FrameLayout.FramesFirst ? [plain.FrameCount, plain.BinCount]
            : [plain.BinCount, plain.FrameCount];
        string reason = hasFrames
            ? $"the voice section has it ({plain.FrameCount} frames of {plain.BinCount} bins, layout {EnumText.Of(layout)})"
            : $"the voice section has it ({samples} samples)";
        EncoderBinding.RequireShape(file, input, shape, reason);
        VoiceOptions options = voice with { Encoder = resolved };
        options.Validate();
        return (options, new EncoderBinding(input, shape, output)
        {
            LengthInput = length,
            Length = hasFrames ? plain.FrameCount : samples,
        });
    }

    private static FrameLayout Infer(EncoderTensor input, int bins) => input.Shape switch
    {
        [_, var first, var second] when second == bins && first != bins => FrameLayout.FramesFirst,
        [_, var first, var second] when first == bins && second != bins => FrameLayout.BinsFirst,
        _ => FrameLayout.Auto,
    };

    private static EncoderTensor? Length(EncoderFile file, string name)
    {
        if (name.Length == 0)
        {
            return null;
        }

        EncoderTensor length = EncoderBinding.Find(file, $"{Section}.length_input", "input", file.Inputs, name);
        return length.Shape.Count == 1 && (EncoderFile.IsInteger(length) || EncoderFile.IsFloat(length))
            ? length
            : throw new InvalidDataException(
                $"{file.Path}: input '{name}' is {length}; expected Int64 or Float [batch], since {Section}.length_input names it.");
    }
}
