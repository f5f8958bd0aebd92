using SixLabors.ImageSharp.PixelFormats;

namespace SixLabors.ImageSharp.Formats.Jpeg;

public sealed class JpegDecoder
{
    private JpegDecoder()
    {
    }

    public static JpegDecoder Instance { get; } = new();

    public Image<TPixel> Decode<TPixel>(JpegDecoderOptions options, Stream stream)
        where TPixel : unmanaged, IPixel<TPixel>
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(stream);
        if (options.GeneralOptions.TargetSize is not null && options.ResizeMode != JpegDecoderResizeMode.IdctOnly)
        {
            // The others resize to the exact target afterwards, which this stack has no sampler for.
            throw new NotSupportedException("A target size needs JpegDecoderOptions.ResizeMode IdctOnly on the system stack.");
        }

        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return JpegFile.Decode<TPixel>(bytes.GetBuffer().AsSpan(0, (int)bytes.Length), options.GeneralOptions.TargetSize);
    }
}
