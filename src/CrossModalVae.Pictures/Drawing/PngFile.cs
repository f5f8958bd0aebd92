using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

namespace CrossModalVae.Pictures.Drawing;

/// <summary>Pixels as a PNG file.</summary>
internal static class PngFile
{
    /// <param name="pixels">[height, width, 3].</param>
    /// <param name="width">In pixels.</param>
    /// <param name="height">In pixels.</param>
    public static byte[] Bytes(ReadOnlySpan<byte> pixels, int width, int height)
    {
        using Image<Rgb24> image = Image.LoadPixelData<Rgb24>(pixels, width, height);
        using var stream = new MemoryStream();
        image.SaveAsPng(stream);
        return stream.ToArray();
    }
}
