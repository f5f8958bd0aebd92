using System.Buffers.Binary;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

namespace Compat.Tests.ImageSharp;

public class PngTests
{
    // Pictures of 5 x 3 pixels by an independent encoder (Golden/ImageSharp/make-png.py), and what they show.
    private const int Width = 5;
    private const int Height = 3;

    public static TheoryData<string> GoldenNames => new("grey1", "grey2", "grey4", "grey8", "grey16", "rgb8", "rgb16", "palette4", "greyalpha8", "rgba8", "adam7");

    [Fact]
    public void SaveAsPng_Colour_LoadsBackExactly()
    {
        using Image<Rgb24> image = TestImages.Ramp(33, 7);

        using Image<Rgb24> loaded = Image.Load<Rgb24>(TestImages.Png(image));

        var expected = new Rgb24[33 * 7];
        var actual = new Rgb24[33 * 7];
        image.CopyPixelDataTo(expected);
        loaded.CopyPixelDataTo(actual);
        Assert.Equal(expected, actual);
    }

    [Fact]
    public void SaveAsPng_Grey_IsWrittenAsGreyAndLoadsBackExactly()
    {
        L8[] pixels = [.. Enumerable.Range(0, 256).Select(i => new L8((byte)i))];
        using Image<L8> image = Image.LoadPixelData<L8>(pixels, 16, 16);

        byte[] png = TestImages.Png(image);
        using Image<L8> loaded = Image.Load<L8>(png);

        Assert.Equal(0, png[25]); // colour type of the header
        var actual = new L8[256];
        loaded.CopyPixelDataTo(actual);
        Assert.Equal(pixels, actual);
    }

    [Theory]
    [MemberData(nameof(GoldenNames))]
    public void Load_EveryKind_ShowsTheSamePicture(string name)
    {
        string folder = Path.Combine(AppContext.BaseDirectory, "Golden", "ImageSharp");
        byte[] expected = File.ReadAllBytes(Path.Combine(folder, name + ".rgb"));

        using Image<Rgb24> loaded = Image.Load<Rgb24>(Path.Combine(folder, name + ".png"));

        Assert.Equal((Width, Height), (loaded.Width, loaded.Height));
        var actual = new byte[3 * Width * Height];
        loaded.CopyPixelDataTo(actual);
        Assert.Equal(expected, actual);
    }

    [Fact]
    public void Load_HeaderWithABrokenChecksum_ThrowsInvalidContent()
    {
        using Image<Rgb24> image = TestImages.Ramp(4, 4);
        byte[] png = TestImages.Png(image);
        BinaryPrimitives.WriteInt32BigEndian(png.AsSpan(16), 5);

        InvalidImageContentException e = Assert.Throws<InvalidImageContentException>(() => Image.Load<Rgb24>(png));

        Assert.Equal("CRC Error. PNG IHDR chunk is corrupt!", e.Message);
    }

    [Fact]
    public void Load_WithoutPixels_ThrowsInvalidContent()
    {
        using Image<Rgb24> image = TestImages.Ramp(4, 4);
        byte[] png = TestImages.Png(image);
        int data = png.AsSpan().IndexOf("IDAT"u8) - 4;

        Assert.Throws<InvalidImageContentException>(() => Image.Load<Rgb24>([.. png.AsSpan(0, data), .. png.AsSpan(png.Length - 12)]));
    }
}
