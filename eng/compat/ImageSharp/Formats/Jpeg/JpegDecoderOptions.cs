namespace SixLabors.ImageSharp.Formats.Jpeg;

public sealed class JpegDecoderOptions
{
    public DecoderOptions GeneralOptions { get; init; } = new();

    public JpegDecoderResizeMode ResizeMode { get; init; }
}
