using CrossModalVae.Pictures.Drawing;
using ScottPlot;
using SkiaSharp;

namespace CrossModalVae.Pictures.Tests;

public class PictureTests
{
    [Fact]
    public void SaveBoth_Folder_HasBothFilesAndNothingElse()
    {
        string folder = Path.Combine(Path.GetTempPath(), $"crossmodalvae-pictures-{Guid.NewGuid():n}");
        Picture picture = Small();
        try
        {
            picture.SaveBoth(folder, "small");

            string[] files = [.. Directory.GetFiles(folder).Select(file => Path.GetFileName(file)!).Order(StringComparer.Ordinal)];
            Assert.Equal(["small.png", "small.svg"], files);
            Assert.Equal(picture.ToSvg(), File.ReadAllText(Path.Combine(folder, "small.svg")));
            Assert.Equal(picture.ToPng(), File.ReadAllBytes(Path.Combine(folder, "small.png")));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    // SkiaSharp hands native code the drawing's handle alone: with nothing else that holds it, the collector could free it half-drawn.
    [Fact]
    public async Task ToPng_PictureThatNothingHolds_IsDrawnWhole()
    {
        byte[] expected = Detailed().ToPng();
        using var stop = new CancellationTokenSource();
        Task collecting = Task.Run(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
            }
        });

        for (int i = 0; i < 50; i++)
        {
            Assert.Equal(expected, Detailed().ToPng());
        }

        await stop.CancelAsync();
        await collecting;
    }

    private static Picture Detailed()
    {
        using var sheet = new Sheet(400, 400);
        var brush = new Brush(sheet);
        for (int i = 0; i < 500; i++)
        {
            brush.Line(Palette.Ink, 1, [(i % 400, 0), (200, 200), (400 - (i % 400), 400)]);
        }

        return sheet.Finish();
    }

    [Theory]
    [InlineData(1, 120, 90)]
    [InlineData(2, 240, 180)]
    [InlineData(0.5, 60, 45)]
    public void ToPng_Scale_MultipliesTheSize(double scale, int width, int height)
    {
        using SKBitmap image = SKBitmap.Decode(Small().ToPng(scale));

        Assert.Equal((width, height), (image.Width, image.Height));
        Assert.Equal(new SKColor(0x00, 0x72, 0xB2), image.GetPixel((int)(60 * scale), (int)(45 * scale)));
        Assert.Equal(SKColors.White, image.GetPixel(0, 0));
    }

    [Fact]
    public void Save_OtherEnding_IsRefused()
    {
        ArgumentException e = Assert.Throws<ArgumentException>(() => Small().Save("picture.gif"));

        Assert.Equal("picture.gif: ends in '.gif'; must end in .svg or .png. (Parameter 'path')", e.Message);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(17)]
    [InlineData(double.NaN)]
    public void ToPng_ScaleOutOfRange_IsRefused(double scale)
    {
        ArgumentOutOfRangeException e = Assert.Throws<ArgumentOutOfRangeException>(() => Small().ToPng(scale));

        Assert.Equal($"'scale' is {scale}; must be > 0 and <= 16. (Parameter 'scale')", e.Message);
    }

    [Fact]
    public void Validate_AllFaults_AreNamed()
    {
        var options = new PictureOptions { Width = 5, Height = double.NaN, FontSize = 100 };

        ArgumentException e = Assert.Throws<ArgumentException>(options.Validate);

        Assert.Equal(
            "'Width' is 5; must be 100 to 10000. 'Height' is NaN; must be 100 to 10000. 'FontSize' is 100; must be 6 to 72.", e.Message);
    }

    [Fact]
    public void ToPng_File_HasNoTimeOrText()
    {
        byte[] png = Small().ToPng();

        var chunks = new List<string>();
        for (int at = 8; at < png.Length; at += 12 + (int)System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(png.AsSpan(at)))
        {
            chunks.Add(System.Text.Encoding.ASCII.GetString(png, at + 4, 4));
        }

        Assert.Equal("IHDR", chunks[0]);
        Assert.Equal("IEND", chunks[^1]);
        Assert.Empty(chunks.Intersect(["tIME", "tEXt", "iTXt", "zTXt", "eXIf"]));
    }

    [Fact]
    public void Draw_ManyAtOnce_GivesTheBytesOfOne()
    {
        byte[] expected = KDistancePicture.Draw([0.1, 0.2, 0.3, 0.9], 2, 0.3).ToPng();
        string document = KDistancePicture.Draw([0.1, 0.2, 0.3, 0.9], 2, 0.3).ToSvg();
        var pictures = new (byte[] Png, string Svg)[16];

        Parallel.For(0, pictures.Length, i =>
        {
            Picture picture = KDistancePicture.Draw([0.1, 0.2, 0.3, 0.9], 2, 0.3);
            pictures[i] = (picture.ToPng(), picture.ToSvg());
        });

        Assert.All(pictures, picture => Assert.Equal(expected, picture.Png));
        Assert.All(pictures, picture => Assert.Equal(document, picture.Svg));
    }

    private static Picture Small()
    {
        using var sheet = new Sheet(120, 90);
        using Paint paint = Paint.NewDisposablePaint();
        Palette.Mark(0).Style(MarkerShape.FilledCircle, 20).Render(sheet.Canvas, new Pixel(60, 45), paint);
        return sheet.Finish();
    }
}
