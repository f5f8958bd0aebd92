using CrossModalVae.Faces;
using CrossModalVae.Tests.Oracles;

namespace CrossModalVae.Tests.Faces;

public sealed class FaceFrontEndTests : IDisposable
{
    // Pillow rounds to whole levels between the axes and at the end.
    private const float PillowTolerance = 2f / 255;

    // Pillow's JPEG decoder interpolates halved chroma, ImageSharp's (and the system stack's) holds it over two pixels; grey hardly notices.
    private const float PillowJpegColourTolerance = 8f / 255;

    // Single precision against double: some dozen weights near 1/20, each rounded, on values up to 1.
    private const double OracleTolerance = 2e-6;

    private readonly FaceFolder _folder = new();

    public static TheoryData<string, int, int, FaceColour> GoldenCases
    {
        get
        {
            var cases = new TheoryData<string, int, int, FaceColour>();
            foreach ((string file, int width, int height) in new[]
            {
                ("noise.png", 23, 23), ("noise.png", 31, 17), ("small.png", 23, 23), ("turned.jpg", 23, 23), ("turned.jpg", 16, 24), ("frame", 23, 23), ("frame", 64, 64),
            })
            {
                cases.Add(file, width, height, FaceColour.Grey);
                cases.Add(file, width, height, FaceColour.Rgb);
            }

            return cases;
        }
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(GoldenCases))]
    public void Extract_GoldenPicture_AgreesWithPillow(string file, int width, int height, FaceColour colour)
    {
        string planes = colour == FaceColour.Grey ? "grey" : "rgb";
        string name = Path.GetFileNameWithoutExtension(file);
        byte[] expected = File.ReadAllBytes(FaceFolder.Golden($"{name}.{width}x{height}.{planes}.u8"));
        var frontEnd = new FaceFrontEnd(new FaceOptions { Width = width, Height = height, Colour = colour });

        float[] features = frontEnd.Extract([file == "frame" ? FaceFolder.Frame : FaceFolder.Golden(file)]);

        float tolerance = colour == FaceColour.Rgb && !file.EndsWith(".png", StringComparison.Ordinal) ? PillowJpegColourTolerance : PillowTolerance;
        Assert.Equal(expected.Length, features.Length);
        Assert.All(features, (value, i) => Assert.InRange(value, (expected[i] / 255f) - tolerance, (expected[i] / 255f) + tolerance));
    }

    [Theory]
    [InlineData(8, 8, 23, 23)]
    [InlineData(23, 23, 23, 23)]
    [InlineData(50, 37, 23, 23)]
    [InlineData(101, 64, 7, 40)]
    [InlineData(33, 65, 1, 1)]
    public void Extract_Noise_AgreesWithTheDirectSum(int inputWidth, int inputHeight, int width, int height)
    {
        var image = new FaceImage(FaceFolder.Noise(inputWidth, inputHeight, seed: inputWidth), inputWidth, inputHeight);

        foreach (FaceColour colour in Enum.GetValues<FaceColour>())
        {
            var frontEnd = new FaceFrontEnd(new FaceOptions { Width = width, Height = height, Colour = colour });
            var features = new float[frontEnd.FeatureCount];

            frontEnd.Extract([image], features);

            double[] expected = DirectResize.Planes(image, width, height, colour);
            Assert.All(features, (value, i) => Assert.InRange(value, expected[i] - OracleTolerance, expected[i] + OracleTolerance));
        }
    }

    [Fact]
    public void Extract_SameSize_ChangesNothing()
    {
        byte[] pixels = FaceFolder.Noise(9, 8, seed: 5);
        var frontEnd = new FaceFrontEnd(new FaceOptions { Width = 9, Height = 8, Colour = FaceColour.Rgb });

        float[] features = frontEnd.Extract([_folder.Png("a.png", pixels, 9, 8)]);

        for (int i = 0; i < pixels.Length; i++)
        {
            Assert.Equal(pixels[i] / 255f, features[(i % 3 * 72) + (i / 3)], OracleTolerance);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(137)]
    [InlineData(255)]
    public void Extract_ConstantPicture_StaysConstant(byte level)
    {
        var image = new FaceImage(FaceFolder.Flat(61, 40, level, level, level), 61, 40);
        var frontEnd = new FaceFrontEnd(new FaceOptions());
        var features = new float[529];

        frontEnd.Extract([image], features);

        Assert.All(features, value => Assert.Equal(level / 255f, value, OracleTolerance));
        Assert.All(features, value => Assert.InRange(value, 0, 1));
    }

    [Fact]
    public void Extract_Grey_WeighsByBt601()
    {
        var image = new FaceImage(FaceFolder.Flat(30, 30, 100, 150, 50), 30, 30);
        var frontEnd = new FaceFrontEnd(new FaceOptions { Width = 1, Height = 1 });
        var features = new float[1];

        frontEnd.Extract([image], features);

        Assert.Equal((29.9 + 88.05 + 5.7) / 255, features[0], OracleTolerance);
    }

    [Fact]
    public void Extract_Rgb_GivesPlanesInOrder()
    {
        var image = new FaceImage(FaceFolder.Flat(30, 30, 255, 0, 51), 30, 30);
        var frontEnd = new FaceFrontEnd(new FaceOptions { Width = 2, Height = 2, Colour = FaceColour.Rgb });
        var features = new float[12];

        frontEnd.Extract([image], features);

        float[] expected = [1, 1, 1, 1, 0, 0, 0, 0, 0.2f, 0.2f, 0.2f, 0.2f];
        Assert.All(features, (value, i) => Assert.Equal(expected[i], value, OracleTolerance));
    }

    [Fact]
    public void Extract_SeveralFrames_GivesTheirMeanOrTheFirst()
    {
        string[] paths =
        [
            _folder.Png("a.png", FaceFolder.Noise(40, 30, seed: 6), 40, 30),
            _folder.Png("b.png", FaceFolder.Noise(25, 60, seed: 7), 25, 60),
            _folder.Jpeg("c.jpg", FaceFolder.Noise(40, 30, seed: 8), 40, 30),
        ];
        var mean = new FaceFrontEnd(new FaceOptions());
        var first = new FaceFrontEnd(new FaceOptions { Frames = FramePooling.First });
        float[][] single = [.. paths.Select(path => mean.Extract([path]))];

        float[] all = mean.Extract(paths);

        Assert.All(all, (value, i) => Assert.Equal(single.Average(frame => (double)frame[i]), value, OracleTolerance));
        Assert.Equal(single[0], first.Extract(paths));
    }

    [Fact]
    public void Extract_TurnedPicture_EqualsTheUprightOne()
    {
        // Orientation 6: the stored picture is turned a quarter clockwise for viewing; golden files cover the decoder, here only the sense of turning.
        FaceImage upright = FaceImage.Load(FaceFolder.Golden("turned.jpg"));
        var frontEnd = new FaceFrontEnd(new FaceOptions { Width = 12, Height = 16 });
        var expected = new float[frontEnd.FeatureCount];
        frontEnd.Extract([upright], expected);

        float[] features = frontEnd.Extract([FaceFolder.Golden("turned.jpg")]);

        Assert.Equal(expected, features);
    }

    [Fact]
    public void Extract_ManyThreads_GivesTheSameBits()
    {
        string[][] clips = [.. Enumerable.Range(0, 24).Select(i => new[]
        {
            _folder.Jpeg($"{i}a.jpg", FaceFolder.Noise(30 + i, 40, seed: 10 + i), 30 + i, 40),
            _folder.Jpeg($"{i}b.jpg", FaceFolder.Noise(35, 24 + i, seed: 50 + i), 35, 24 + i),
        })];
        var frontEnd = new FaceFrontEnd(new FaceOptions());
        float[][] expected = [.. clips.Select(clip => new FaceFrontEnd(new FaceOptions()).Extract(clip))];
        var actual = new float[clips.Length][];

        Parallel.For(0, clips.Length, new ParallelOptions { MaxDegreeOfParallelism = 8 }, i => actual[i] = frontEnd.Extract(clips[i]));

        Assert.Equal(expected, actual);
    }

    [Fact]
    public void Extract_AfterABrokenFrame_IsNotDisturbed()
    {
        string good = _folder.Png("good.png", FaceFolder.Noise(20, 20, seed: 9), 20, 20);
        string empty = _folder.Write("empty.jpg", []);
        var frontEnd = new FaceFrontEnd(new FaceOptions());
        float[] expected = frontEnd.Extract([good]);

        InvalidDataException e = Assert.Throws<InvalidDataException>(() => frontEnd.Extract([good, empty]));

        Assert.Equal($"{empty}: the file is empty; expected a complete JPEG or PNG image.", e.Message);
        Assert.Equal(expected, frontEnd.Extract([good]));
    }

    [Fact]
    public void Extract_NoFramesOrWrongDestination_Refuses()
    {
        var frontEnd = new FaceFrontEnd(new FaceOptions());

        ArgumentException none = Assert.Throws<ArgumentException>(() => frontEnd.Extract([]));
        ArgumentException length = Assert.Throws<ArgumentException>(() => frontEnd.Extract([FaceFolder.Frame], new float[528]));

        Assert.Equal("'frames' is empty; a clip with a face has at least one frame. (Parameter 'frames')", none.Message);
        Assert.Equal("'features' has 528 places; must be 529. (Parameter 'features')", length.Message);
    }
}
