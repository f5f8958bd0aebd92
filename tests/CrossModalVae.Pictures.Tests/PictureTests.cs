using CrossModalVae.Pictures.Drawing;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

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

            Assert.Equal(["small.png", "small.svg"], Directory.GetFiles(folder).Select(file => Path.GetFileName(file)!).Order(StringComparer.Ordinal));
            Assert.Equal(picture.ToSvg(), File.ReadAllText(Path.Combine(folder, "small.svg")));
            Assert.Equal(picture.ToPng(), File.ReadAllBytes(Path.Combine(folder, "small.png")));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Theory]
    [InlineData(1, 120, 90)]
    [InlineData(2, 240, 180)]
    [InlineData(0.5, 60, 45)]
    public void ToPng_Scale_MultipliesTheSize(double scale, int width, int height)
    {
        using Image<Rgb24> image = Image.Load<Rgb24>(Small().ToPng(scale));

        Assert.Equal((width, height), (image.Width, image.Height));
        Assert.Equal(new Rgb24(0x00, 0x72, 0xB2), image[(int)(60 * scale), (int)(45 * scale)]);
        Assert.Equal(new Rgb24(255, 255, 255), image[0, 0]);
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

        Assert.Equal("'Width' is 5; must be 100 to 10000. 'Height' is NaN; must be 100 to 10000. 'FontSize' is 100; must be 6 to 72.", e.Message);
    }

    private static Picture Small()
    {
        var scene = new Scene(120, 90);
        scene.Mark(new PixelPoint(60, 45), MarkShape.Circle, 20, Palette.Mark(0));
        return new Picture(scene);
    }
}
