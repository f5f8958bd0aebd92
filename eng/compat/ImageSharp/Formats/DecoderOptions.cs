namespace SixLabors.ImageSharp.Formats;

public sealed class DecoderOptions
{
    public Size? TargetSize { get; init; }
}
