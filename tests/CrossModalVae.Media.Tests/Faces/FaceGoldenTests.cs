using CrossModalVae.Faces;

namespace CrossModalVae.Media.Tests.Faces;

/// <summary>
/// Against Pillow 9.4 (Golden/Faces/make-faces.py): every way of storing a JPEG, orientations, parts, odd sizes, smaller and larger.
/// </summary>
public sealed class FaceGoldenTests
{
    // Pillow rounds to whole levels between the axes and at the end.
    private const float PillowTolerance = 2f / 255;

    // Features are divided by 255 in single precision; decoded at a scale they are whole levels.
    private const float LevelTolerance = 1e-6f;

    public static TheoryData<string> Resized => Files("*.u8");

    public static TheoryData<string> Decoded => Files("*.rgb");

    public static TheoryData<string> Scaled => Files("*.draft");

    [Theory]
    [MemberData(nameof(Resized))]
    public void Extract_ExactDecoding_IsWithinTwoLevelsOfPillow(string file)
    {
        string[] parts = file.Split('.'); // picture, part where there is one, size, planes, u8
        int[] size = [.. parts[^3].Split('x').Select(int.Parse)];
        int[]? box = parts.Length == 5 ? [.. parts[1].Split('-').Select(int.Parse)] : null;
        var options = new FaceOptions
        {
            Width = size[0],
            Height = size[1],
            Colour = parts[^2] == "grey" ? FaceColour.Grey : FaceColour.Rgb,
        };
        byte[] expected = File.ReadAllBytes(FaceFolder.Golden(file));
        var features = new float[expected.Length];

        new FaceFrontEnd(options).Extract(
            [Picture(parts[0])], box is null ? [] : [new FaceBox(box[0], box[1], box[2] - box[0], box[3] - box[1])], features);

        Assert.All(
            features, (value, i) => Assert.InRange(value, (expected[i] / 255f) - PillowTolerance, (expected[i] / 255f) + PillowTolerance));
    }

    [Theory]
    [MemberData(nameof(Decoded))]
    public void Load_AnyKind_GivesPillowsBits(string file)
    {
        byte[] expected = File.ReadAllBytes(FaceFolder.Golden(file));

        FaceImage image = FaceImage.Load(Picture(file.Split('.')[0]));

        // Of 16 bits ImageSharp rounds to 8, Pillow takes the upper 8.
        int tolerance = file.Contains("-16", StringComparison.Ordinal) ? 1 : 0;
        Assert.Equal(expected.Length, image.Pixels.Length);
        Assert.True(image.Pixels.ToArray().Zip(expected).All(pair => Math.Abs(pair.First - pair.Second) <= tolerance));
    }

    [Theory]
    [MemberData(nameof(Scaled))]
    public void Extract_FastDecodingToAScale_GivesPillowsDraft(string file)
    {
        string[] parts = file.Split('.');
        int scale = int.Parse(parts[1]);
        byte[] expected = File.ReadAllBytes(FaceFolder.Golden(file));
        var options = new FaceOptions
        {
            Width = 64 / scale,
            Height = 48 / scale,
            Colour = parts[2] == "grey" ? FaceColour.Grey : FaceColour.Rgb,
            Decoding = FaceDecoding.Fast,
        };

        float[] features = new FaceFrontEnd(options).Extract([Picture(parts[0])]);

        Assert.Equal(expected.Length, features.Length);
        Assert.All(features, (value, i) => Assert.Equal(expected[i] / 255f, value, LevelTolerance));
    }

    [Theory]
    [InlineData(6, 5, FaceColour.Grey)] // means alone, which tables that are met again read another way
    [InlineData(14, 11, FaceColour.Grey)]
    [InlineData(14, 11, FaceColour.Rgb)]
    [InlineData(61, 47, FaceColour.Rgb)]
    public void Extract_FilesWhoseTablesAreMetAgain_GivesTheSameBits(int width, int height, FaceColour colour)
    {
        var options = new FaceOptions { Width = width, Height = height, Colour = colour, Decoding = FaceDecoding.Fast };
        var frontEnd = new FaceFrontEnd(options);
        string[] pictures = [.. Directory.GetFiles(FaceFolder.Golden("."), "*.jpg").Order(StringComparer.Ordinal)];

        float[][] first = [.. pictures.Select(picture => new FaceFrontEnd(options).Extract([picture]))];
        float[][] again = [.. pictures.Concat(pictures).Select(picture => frontEnd.Extract([picture])).Skip(pictures.Length)];

        Assert.True(pictures.Length > 20);
        Assert.Equal(first, again);
    }

    private static TheoryData<string> Files(string pattern) =>
        [.. Directory.GetFiles(FaceFolder.Golden("."), pattern).Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal)];

    private static string Picture(string name) =>
        name == "frame" ? FaceFolder.Frame : new[] { ".jpg", ".png" }.Select(kind => FaceFolder.Golden(name + kind)).First(File.Exists);
}
