using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

namespace Compat.Tests.ImageSharp;

public class ImageTests
{
    [Fact]
    public void Constructor_NewImage_IsBlack()
    {
        using (var used = new Image<Rgb24>(5, 4))
        {
            used[4, 3] = new Rgb24(9, 9, 9);
        }

        using var image = new Image<Rgb24>(5, 4);

        Assert.Equal(5, image.Width);
        Assert.Equal(4, image.Height);
        Assert.Equal(default, image[4, 3]);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 0)]
    [InlineData(-1, 1)]
    public void Constructor_WithoutPixels_Throws(int width, int height) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new Image<Rgb24>(width, height));

    [Theory]
    [InlineData(2, 0, "x")]
    [InlineData(-1, 0, "x")]
    [InlineData(0, 3, "y")]
    public void Indexer_Outside_Throws(int x, int y, string parameter)
    {
        using var image = new Image<L8>(2, 3);

        Assert.Throws<ArgumentOutOfRangeException>(parameter, () => image[x, y]);
    }

    [Fact]
    public void LoadPixelData_Bytes_AreRowMajor()
    {
        byte[] bytes = [.. Enumerable.Range(0, 18).Select(i => (byte)i)];

        using Image<Rgb24> image = Image.LoadPixelData<Rgb24>(bytes, 3, 2);

        Assert.Equal(new Rgb24(0, 1, 2), image[0, 0]);
        Assert.Equal(new Rgb24(6, 7, 8), image[2, 0]);
        Assert.Equal(new Rgb24(12, 13, 14), image[1, 1]);
        var copy = new byte[18];
        image.CopyPixelDataTo(copy);
        Assert.Equal(bytes, copy);
    }

    [Fact]
    public void LoadPixelData_TooFew_Throws() =>
        Assert.Throws<ArgumentOutOfRangeException>("data", () => Image.LoadPixelData<L8>(new byte[5], 3, 2));

    [Fact]
    public void LoadPixelData_Pixels_CopyBack()
    {
        L8[] pixels = [new L8(1), new L8(2), new L8(3), new L8(4)];

        using Image<L8> image = Image.LoadPixelData<L8>(pixels, 2, 2);

        var copy = new L8[4];
        image.CopyPixelDataTo(copy);
        Assert.Equal(pixels, copy);
    }

    [Fact]
    public void ProcessPixelRows_Writes_AreSeenByTheIndexer()
    {
        using var image = new Image<L8>(3, 2);

        image.ProcessPixelRows(rows =>
        {
            Assert.Equal(3, rows.Width);
            Assert.Equal(2, rows.Height);
            rows.GetRowSpan(1)[2] = new L8(77);
        });

        Assert.Equal(77, image[2, 1].PackedValue);
        Assert.Equal(0, image[2, 0].PackedValue);
    }

    [Fact]
    public void Indexer_AfterDispose_Throws()
    {
        var image = new Image<L8>(2, 2);
        image.Dispose();
        image.Dispose();

        Assert.Throws<ObjectDisposedException>(() => image[0, 0]);
    }
}
