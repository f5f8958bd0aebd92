using CrossModalVae.Encoders;
using CrossModalVae.Faces;
using CrossModalVae.Files;

namespace CrossModalVae.Scoring.Encoders;

/// <summary>A recipe's face encoder against its file: what the recipe leaves out comes from the preset, and that from the file.</summary>
internal static class FaceEncoderResolver
{
    private const string Section = "face.encoder";

    /// <summary>The face section with every option of the encoder, and how its graph is fed.</summary>
    /// <exception cref="InvalidDataException">The file is another one, has another layout, or says too little.</exception>
    public static (FaceOptions Options, EncoderBinding Binding) Resolve(FaceOptions face, EncoderFile file)
    {
        FaceEncoderOptions own = face.Encoder!;
        EncoderPresets.RequireHash(file, own.Sha256, Section);
        FaceEncoderOptions preset = FaceEncoderOptions.Of(EncoderPresets.Choose(file, own.Preset, FaceEncoderPreset.None, Section));
        string input = own.Input.Length > 0 ? own.Input : preset.Input;
        EncoderTensor tensor = EncoderBinding.Find(file, Section, "input", file.Inputs, input);
        ImageLayout layout = own.Layout != ImageLayout.Auto ? own.Layout
            : preset.Layout != ImageLayout.Auto ? preset.Layout
            : tensor.Shape is [_, _, _, 3] ? ImageLayout.Nhwc
            : ImageLayout.Nchw;
        string outputName = own.Output.Length > 0 ? own.Output : preset.Output;
        EncoderTensor output = EncoderBinding.Find(file, Section, "output", file.Outputs, outputName);
        FaceEncoderOptions resolved = own with
        {
            Preset = FaceEncoderPreset.None,
            Layout = layout,
            Size = own.Size > 0 ? own.Size : preset.Size > 0 ? preset.Size : SizeOf(tensor, layout),
            ColourOrder = own.ColourOrder != ColourOrder.Auto ? own.ColourOrder : preset.ColourOrder,
            Mean = own.Mean.Count > 0 ? own.Mean : preset.Mean,
            Deviation = own.Deviation.Count > 0 ? own.Deviation : preset.Deviation,
            Input = tensor.Name,
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
                resolved.Size == 0 ? "size" : "",
                resolved.ColourOrder == ColourOrder.Auto ? "colour_order" : "",
                resolved.Mean.Count == 0 ? "mean" : "",
                resolved.Deviation.Count == 0 ? "deviation" : "",
            }.Where(name => name.Length > 0),
        ];
        EncoderPresets.RequireComplete<FaceEncoderPreset>(file, missing, Section);
        int size = resolved.Size;
        int[] shape = layout == ImageLayout.Nchw ? [3, size, size] : [size, size, 3];
        EncoderBinding.RequireShape(file, tensor, shape, $"{Section} has it (layout {EnumText.Of(layout)}, size {size})");
        FaceOptions options = face with { Encoder = resolved };
        options.Validate(); // against the size
        return (options with { Width = size, Height = size, Colour = FaceColour.Rgb }, new EncoderBinding(tensor, shape, output));
    }

    private static int SizeOf(EncoderTensor tensor, ImageLayout layout) =>
        tensor.Shape.Count == 4 && tensor.Shape[layout == ImageLayout.Nchw ? 2 : 1] is int size and <= FaceEncoderOptions.LargestSize
            ? size
            : 0;
}
