using SixLabors.ImageSharp.Formats.Jpeg;
using SixLabors.ImageSharp.Formats.Png;
using SixLabors.ImageSharp.PixelFormats;

namespace SixLabors.ImageSharp.Formats;

/// <summary>Finds a file's format by its first bytes, as the genuine detectors do.</summary>
internal static class ImageFile
{
    private const int JpegHeaderBytes = 11;

    public static Image<TPixel> Decode<TPixel>(ReadOnlySpan<byte> file)
        where TPixel : unmanaged, IPixel<TPixel>
    {
        if (file.StartsWith(PngFile.Signature))
        {
            return PngDecoder.Decode<TPixel>(file);
        }

        if (file.Length >= JpegHeaderBytes && file[0] == 0xFF && file[1] == 0xD8)
        {
            return JpegFile.Decode<TPixel>(file);
        }

        throw new UnknownImageFormatException("Image cannot be loaded. Available decoders: JPEG, PNG.");
    }

    /// <summary>Throws where the dimensions are impossible, before anything is allocated for them.</summary>
    /// <param name="width">In pixels.</param>
    /// <param name="height">In pixels.</param>
    /// <param name="largestPixelCount">More than the file's bytes can hold.</param>
    public static void CheckDimensions(long width, long height, long largestPixelCount)
    {
        if (width < 1 || height < 1)
        {
            throw new InvalidImageContentException($"Invalid image dimensions: {width}x{height}.");
        }

        if (width * height > Math.Min(largestPixelCount, Array.MaxLength / 3))
        {
            throw new InvalidImageContentException(
                $"Cannot decode image. Failed to allocate buffers for possibly degenerate dimensions: {width}x{height}.");
        }
    }
}
