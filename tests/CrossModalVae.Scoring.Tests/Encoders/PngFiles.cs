using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

namespace CrossModalVae.Scoring.Tests.Encoders;

/// <summary>Grey pictures, whose pixels are kept to the bit.</summary>
internal static class PngFiles
{
    public static void Write(string path, int width, int height, Func<int, int, byte> level)
    {
        using var image = new Image<L8>(width, height);
        for (int i = 0; i < width * height; i++)
        {
            image[i % width, i / width] = new L8(level(i % width, i / width));
        }

        image.SaveAsPng(path);
    }
}
