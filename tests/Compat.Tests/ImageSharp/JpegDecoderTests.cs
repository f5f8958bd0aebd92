using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats;
using SixLabors.ImageSharp.Formats.Jpeg;
using SixLabors.ImageSharp.PixelFormats;
using SixLabors.ImageSharp.Processing;

namespace Compat.Tests.ImageSharp;

public class JpegDecoderTests
{
    // A scaled transform takes the mean over squares; on a ramp of 3 levels a pixel that is the level in their middle. Chroma that is held over two squares
    // is half a square away from either middle, and luma and chroma are each rounded.
    private const int LevelsPerPixel = 3;
    private const int RoundingTolerance = 4;

    [Theory]
    [InlineData(64, 48, 8, 6, 8, 6)]
    [InlineData(64, 48, 9, 6, 16, 12)]
    [InlineData(64, 48, 8, 7, 16, 12)]
    [InlineData(64, 48, 16, 12, 16, 12)]
    [InlineData(64, 48, 17, 1, 32, 24)]
    [InlineData(64, 48, 33, 1, 64, 48)]
    [InlineData(64, 48, 500, 500, 64, 48)]
    [InlineData(61, 47, 8, 6, 8, 6)]
    [InlineData(61, 47, 16, 12, 16, 12)]
    [InlineData(61, 47, 31, 24, 31, 24)]
    [InlineData(61, 47, 32, 24, 61, 47)]
    [InlineData(9, 9, 1, 1, 2, 2)]
    public void Decode_IdctOnly_TakesTheSmallestScaleThatIsNotBelowTheTarget(int width, int height, int targetWidth, int targetHeight, int expectedWidth, int expectedHeight)
    {
        using Image<Rgb24> image = TestImages.Ramp(width, height);

        using Image<Rgb24> decoded = Decode(TestImages.Jpeg(image), new Size(targetWidth, targetHeight));

        Assert.Equal((expectedWidth, expectedHeight), (decoded.Width, decoded.Height));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public void Decode_IdctOnly_GivesMeansOfSquares(int side)
    {
        using Image<Rgb24> image = TestImages.Ramp(32, 24);

        using Image<Rgb24> decoded = Decode(TestImages.Jpeg(image), new Size(4 * side, 3 * side));

        int square = 8 / side;
        for (int y = 0; y < decoded.Height; y++)
        {
            for (int x = 0; x < decoded.Width; x++)
            {
                Rgb24 expected = TestImages.RampPixel((square * x) + (square / 2), (square * y) + (square / 2));
                Assert.InRange(TestImages.LargestDifference(expected, decoded[x, y]), 0, (LevelsPerPixel * square) + RoundingTolerance);
            }
        }
    }

    [Fact]
    public void Decode_NoTargetSize_IsLoad()
    {
        byte[] jpeg = TestImages.Jpeg(TestImages.Ramp(20, 12), 90);

        using Image<Rgb24> decoded = Decode(jpeg, null);
        using Image<Rgb24> loaded = Image.Load<Rgb24>(jpeg);

        var pixels = new Rgb24[240];
        var expected = new Rgb24[240];
        decoded.CopyPixelDataTo(pixels);
        loaded.CopyPixelDataTo(expected);
        Assert.Equal(expected, pixels);
    }

    [Fact]
    public void Decode_TurnedPicture_KeepsItsOrientation()
    {
        byte[] jpeg = TestImages.WithOrientation(TestImages.Jpeg(TestImages.Ramp(32, 16)), 6, little: true);

        using Image<Rgb24> decoded = Decode(jpeg, new Size(16, 8));
        decoded.Mutate(x => x.AutoOrient());

        Assert.Equal((8, 16), (decoded.Width, decoded.Height));
    }

    [Fact]
    public void Decode_NoJpeg_Throws() =>
        Assert.ThrowsAny<ImageFormatException>(() => Decode([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], new Size(1, 1)));

    private static Image<Rgb24> Decode(byte[] jpeg, Size? target)
    {
        var options = new JpegDecoderOptions { GeneralOptions = new DecoderOptions { TargetSize = target }, ResizeMode = JpegDecoderResizeMode.IdctOnly };
        using var stream = new MemoryStream(jpeg);
        return JpegDecoder.Instance.Decode<Rgb24>(options, stream);
    }
}
