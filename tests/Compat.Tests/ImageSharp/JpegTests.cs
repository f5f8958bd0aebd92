using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats.Jpeg;
using SixLabors.ImageSharp.PixelFormats;
using SixLabors.ImageSharp.Processing;

namespace Compat.Tests.ImageSharp;

public class JpegTests
{
    // A ramp of 3 levels a pixel at quality 100 in 4:2:0 comes back within the error of rounding and of chroma held over two pixels.
    private const int RampTolerance = 6;

    [Theory]
    [InlineData(32, 24)]
    [InlineData(17, 9)]
    [InlineData(1, 1)]
    public void SaveAsJpeg_Ramp_LoadsBack(int width, int height)
    {
        using Image<Rgb24> image = TestImages.Ramp(width, height);

        using Image<Rgb24> loaded = Image.Load<Rgb24>(TestImages.Jpeg(image));

        Assert.Equal((width, height), (loaded.Width, loaded.Height));
        AssertClose((x, y) => image[x, y], loaded);
    }

    [Fact]
    public void SaveAsJpeg_LowerQuality_MakesSmallerFiles()
    {
        using Image<Rgb24> image = TestImages.Ramp(64, 64);
        image[20, 20] = new Rgb24(255, 0, 0);

        Assert.True(TestImages.Jpeg(image, 20).Length < TestImages.Jpeg(image, 90).Length);
    }

    [Fact]
    public void SaveAsJpeg_Twice_GivesTheSameBytes()
    {
        using Image<Rgb24> image = TestImages.Ramp(40, 30);

        Assert.Equal(TestImages.Jpeg(image), TestImages.Jpeg(image));
    }

    [Fact]
    public void SaveAsJpeg_NewImage_IsWrittenIn420()
    {
        using Image<Rgb24> image = TestImages.Ramp(16, 16);

        byte[] jpeg = TestImages.Jpeg(image);

        int frame = jpeg.AsSpan().IndexOf([(byte)0xFF, (byte)0xC0]);
        Assert.Equal(3, jpeg[frame + 9]);
        Assert.Equal([0x22, 0x11, 0x11], [jpeg[frame + 11], jpeg[frame + 14], jpeg[frame + 17]]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(101)]
    public void Quality_OutOfRange_Throws(int quality)
    {
        ArgumentException e = Assert.Throws<ArgumentException>(() => new JpegEncoder { Quality = quality });

        Assert.Equal("Quality factor must be in [1..100] range.", e.Message);
    }

    [Fact]
    public void Load_GreyPicture_IsTheSameInEveryPixelType()
    {
        using var grey = new Image<L8>(16, 16);
        grey.ProcessPixelRows(rows =>
        {
            for (int y = 0; y < rows.Height; y++)
            {
                rows.GetRowSpan(y).Fill(new L8((byte)(10 * y)));
            }
        });
        byte[] jpeg = TestImages.Jpeg(grey);

        using Image<L8> asGrey = Image.Load<L8>(jpeg);
        using Image<Rgb24> asColour = Image.Load<Rgb24>(jpeg);

        Assert.InRange(asGrey[8, 8].PackedValue, 80 - RampTolerance, 80 + RampTolerance);
        Assert.Equal(asGrey[8, 8].PackedValue, asColour[8, 8].G);
    }

    [Fact]
    public void Load_ColourAsL8_WeighsByBt709()
    {
        using var red = new Image<Rgb24>(16, 16);
        red.ProcessPixelRows(rows =>
        {
            for (int y = 0; y < rows.Height; y++)
            {
                rows.GetRowSpan(y).Fill(new Rgb24(200, 0, 0));
            }
        });

        using Image<L8> loaded = Image.Load<L8>(TestImages.Jpeg(red, 100));

        Assert.InRange(loaded[8, 8].PackedValue, 42 - 3, 42 + 3); // 0.2126 * 200; BT.601 would give 60
    }

    [Fact]
    public void Load_StreamAndPath_EqualBytes()
    {
        using Image<Rgb24> image = TestImages.Ramp(20, 10);
        byte[] jpeg = TestImages.Jpeg(image);
        string folder = Directory.CreateTempSubdirectory("imagesharp-").FullName;
        try
        {
            string path = Path.Combine(folder, "ramp.jpg");
            File.WriteAllBytes(path, jpeg);

            using Image<Rgb24> fromBytes = Image.Load<Rgb24>(jpeg);
            using Image<Rgb24> fromPath = Image.Load<Rgb24>(path);
            using Image<Rgb24> fromStream = Image.Load<Rgb24>(new MemoryStream(jpeg));

            AssertSame(fromBytes, fromPath);
            AssertSame(fromBytes, fromStream);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public void AutoOrient_EveryOrientation_BringsTheRampUpright(ushort orientation)
    {
        // What the EXIF specification says the stored row 0 and column 0 are: (upright x, upright y) of a stored pixel.
        const int Width = 24;
        const int Height = 16;
        (int storedWidth, int storedHeight) = orientation >= 5 ? (Height, Width) : (Width, Height);
        using var stored = new Image<Rgb24>(storedWidth, storedHeight);
        for (int y = 0; y < storedHeight; y++)
        {
            for (int x = 0; x < storedWidth; x++)
            {
                (int uprightX, int uprightY) = orientation switch
                {
                    1 => (x, y), // row 0 is the top, column 0 the left side
                    2 => (Width - 1 - x, y), // top, right
                    3 => (Width - 1 - x, Height - 1 - y), // bottom, right
                    4 => (x, Height - 1 - y), // bottom, left
                    5 => (y, x), // left, top
                    6 => (Width - 1 - y, x), // right, top
                    7 => (Width - 1 - y, Height - 1 - x), // right, bottom
                    _ => (y, Height - 1 - x), // left, bottom
                };
                stored[x, y] = TestImages.RampPixel(uprightX, uprightY);
            }
        }

        byte[] jpeg = TestImages.WithOrientation(TestImages.Jpeg(stored), orientation, little: orientation % 2 == 0);

        using Image<Rgb24> loaded = Image.Load<Rgb24>(jpeg);
        Assert.Equal((storedWidth, storedHeight), (loaded.Width, loaded.Height));
        loaded.Mutate(x => x.AutoOrient());
        loaded.Mutate(x => x.AutoOrient()); // the second time there is nothing left to do

        Assert.Equal((Width, Height), (loaded.Width, loaded.Height));
        AssertClose((x, y) => TestImages.RampPixel(x, y), loaded);
    }

    [Fact]
    public void Load_NoPicture_ThrowsUnknownFormat()
    {
        Assert.Throws<UnknownImageFormatException>(() => Image.Load<Rgb24>("this is no picture at all"u8));
        Assert.Throws<UnknownImageFormatException>(() => Image.Load<Rgb24>(new MemoryStream()));
    }

    [Fact]
    public void Load_EmptySpan_ThrowsArgumentNull() => Assert.Throws<ArgumentNullException>(() => Image.Load<Rgb24>([]));

    [Fact]
    public void Load_OddJfifRevision_MakesNoDifference()
    {
        using Image<Rgb24> image = TestImages.Ramp(32, 32);
        byte[] jpeg = TestImages.Jpeg(image);
        Assert.Equal(1, jpeg[11]);
        using Image<Rgb24> expected = Image.Load<Rgb24>(jpeg);

        jpeg[11] = 3;
        using Image<Rgb24> odd = Image.Load<Rgb24>(jpeg);

        AssertSame(expected, odd);
    }

    [Fact]
    public void Load_CutInItsHeaders_ThrowsInvalidContent()
    {
        using Image<Rgb24> image = TestImages.Ramp(32, 32);
        byte[] jpeg = TestImages.Jpeg(image);
        int tables = jpeg.AsSpan().IndexOf([(byte)0xFF, (byte)0xDB]);

        Assert.Throws<InvalidImageContentException>(() => Image.Load<Rgb24>(jpeg.AsSpan(0, tables + 20)));
    }

    private static void AssertSame(Image<Rgb24> expected, Image<Rgb24> actual)
    {
        var a = new Rgb24[expected.Width * expected.Height];
        var b = new Rgb24[actual.Width * actual.Height];
        expected.CopyPixelDataTo(a);
        actual.CopyPixelDataTo(b);
        Assert.Equal(a, b);
    }

    private static void AssertClose(Func<int, int, Rgb24> expected, Image<Rgb24> actual)
    {
        for (int y = 0; y < actual.Height; y++)
        {
            for (int x = 0; x < actual.Width; x++)
            {
                int difference = TestImages.LargestDifference(expected(x, y), actual[x, y]);
                Assert.True(difference <= RampTolerance, $"pixel ({x}, {y}) is off by {difference}");
            }
        }
    }
}
