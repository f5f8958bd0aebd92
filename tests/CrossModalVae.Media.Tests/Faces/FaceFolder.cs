using CrossModalVae.Numerics;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats.Jpeg;
using SixLabors.ImageSharp.PixelFormats;

namespace CrossModalVae.Media.Tests.Faces;

/// <summary>A temporary folder of face files.</summary>
public sealed class FaceFolder : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static string Golden(string name) => Path.Combine(AppContext.BaseDirectory, "Golden", "Faces", name);

    /// <summary>A real frame: 128 x 128, GRID corpus.</summary>
    public static string Frame => Path.Combine(Fixtures.Grid, "x07", "sbwe5n", "face_01.jpg");

    public static byte[] Noise(int width, int height, int seed)
    {
        var random = new SeededRandom(seed);
        return [.. Enumerable.Range(0, 3 * width * height).Select(_ => (byte)random.NextInt32(256))];
    }

    public static byte[] Flat(int width, int height, byte red, byte green, byte blue) =>
        [.. Enumerable.Range(0, width * height).SelectMany(_ => new[] { red, green, blue })];

    public string PathTo(string name) => _folder[name];

    public string Write(string name, ReadOnlySpan<byte> bytes)
    {
        File.WriteAllBytes(PathTo(name), bytes);
        return PathTo(name);
    }

    public string Png(string name, byte[] pixels, int width, int height)
    {
        using Image<Rgb24> image = Image.LoadPixelData<Rgb24>(pixels, width, height);
        using var stream = new MemoryStream();
        image.SaveAsPng(stream);
        return Write(name, stream.ToArray());
    }

    public string Jpeg(string name, byte[] pixels, int width, int height, int quality = 90)
    {
        using Image<Rgb24> image = Image.LoadPixelData<Rgb24>(pixels, width, height);
        using var stream = new MemoryStream();
        image.SaveAsJpeg(stream, new JpegEncoder { Quality = quality });
        return Write(name, stream.ToArray());
    }

    public void Dispose() => _folder.Dispose();
}
