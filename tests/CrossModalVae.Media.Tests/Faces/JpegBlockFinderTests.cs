using CrossModalVae.Faces.Jpeg;
using CrossModalVae.Numerics;

namespace CrossModalVae.Media.Tests.Faces;

/// <summary>
/// A decoder that knows a file's Huffman tables finds its blocks from two positions; one that does not reads them one by one. Both must
/// give the same result for every file.
/// </summary>
public sealed class JpegBlockFinderTests : IDisposable
{
    private const int Side = 160;

    private readonly FaceFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(20, 40)]
    [InlineData(75, 0)]
    [InlineData(90, 12)]
    [InlineData(95, 2)]
    [InlineData(98, 255)]
    [InlineData(100, 255)] // blocks that end with their last coefficient, codes too long for the tables
    public void Decode_KnownTables_GivesTheSameDcCoefficients(int quality, int grain)
    {
        byte[] file = File.ReadAllBytes(_folder.Jpeg("a.jpg", Picture(grain), Side, Side, quality));
        var known = new JpegFaceDecoder();

        (string? Fault, byte[] Means) first = Decode(new JpegFaceDecoder(), file), met = Decode(known, file), again = Decode(known, file);

        Assert.Null(first.Fault);
        Assert.Equal(first.Means, met.Means);
        Assert.Equal(first.Means, again.Means);
    }

    [Theory]
    [InlineData(90, 12, 400)]
    [InlineData(100, 255, 100)]
    public void Decode_KnownTablesAndDamagedData_GivesTheSameFault(int quality, int grain, int files)
    {
        byte[] file = File.ReadAllBytes(_folder.Jpeg("a.jpg", Picture(grain), Side, Side, quality));
        int data = file.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xDA]) + 14;
        var random = new SeededRandom(quality);
        var known = new JpegFaceDecoder();
        Decode(known, file);
        int faults = 0;
        for (int i = 0; i < files; i++)
        {
            byte[] damaged = [.. file];
            for (int n = random.NextInt32(4); n >= 0; n--)
            {
                int at = data + random.NextInt32(file.Length - data - 2);
                damaged[at] = damaged[at] == 0xFF || damaged[at - 1] == 0xFF ? damaged[at] : (byte)random.NextInt32(255); // no new marker
            }

            if (i % 4 == 0)
            {
                int cut = data + random.NextInt32(file.Length - data - 2);
                damaged = [.. damaged.AsSpan(0, cut), 0, .. file.AsSpan(file.Length - 2)];
            }

            (string? Fault, byte[] Means) first = Decode(new JpegFaceDecoder(), damaged), again = Decode(known, damaged);

            Assert.Equal(first.Fault, again.Fault);
            Assert.Equal(first.Means, again.Means);
            faults += first.Fault is null ? 0 : 1;
        }

        Assert.InRange(faults, 1, files - 1);
    }

    private static byte[] Picture(int grain)
    {
        var random = new SeededRandom(grain);
        var pixels = new byte[3 * Side * Side]; // [Side, Side, 3]
        for (int i = 0; i < pixels.Length; i++)
        {
            (int y, int x) = Math.DivRem(i / 3, Side);
            double level = 128 + (60 * Math.Sin((x + (i % 3)) / 9.0) * Math.Cos(y / 14.0)) + random.NextDouble(-grain / 2.0, grain / 2.0);
            pixels[i] = (byte)Math.Clamp(level, 0, 255);
        }

        return pixels;
    }

    private static (string? Fault, byte[] Means) Decode(JpegFaceDecoder decoder, byte[] file)
    {
        string? fault = decoder.Decode(file, JpegHeader.Read(file), 1, lumaOnly: true);
        return (fault, fault is null ? [.. Enumerable.Range(0, decoder.Height).SelectMany(y => decoder.Luma(y).ToArray())] : []);
    }
}
