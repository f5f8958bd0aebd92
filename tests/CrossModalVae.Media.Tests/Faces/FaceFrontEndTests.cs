using CrossModalVae.Faces;
using CrossModalVae.Media.Tests.Oracles;

namespace CrossModalVae.Media.Tests.Faces;

public sealed class FaceFrontEndTests : IDisposable
{
    // Single precision against double: some dozen weights near 1/20, each rounded, on values up to 1.
    private const double OracleTolerance = 2e-6;

    // What FaceFrontEnd states of fast decoding: two levels of 255 in the mean over a picture.
    private const double FastMeanTolerance = 2.0 / 255;

    // Single precision on values of about 1.
    private const double NormalTolerance = 1e-5;

    private readonly FaceFolder _folder = new();

    public void Dispose() => _folder.Dispose();

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

    /// <summary>Without an encoder a recipe may ask for a square too: of the middle, or around the box.</summary>
    [Theory]
    [InlineData(0.5, 0, false, 16, 6, 12, 12)] // half of 24
    [InlineData(0.5, 0, true, 2, 8, 12, 12)] // a box of 12 x 8: its longer side
    [InlineData(1, 1, true, -4, 2, 24, 24)] // twice that, beyond the picture
    [InlineData(1, 0, true, 2, 10, 12, 8)] // nothing asked for: the box itself
    public void Extract_Square_IsTheCropOfTheFrame(
        double centerShare, double boxMargin, bool hasBox, int left, int top, int width, int height)
    {
        string file = _folder.Png("a.png", FaceFolder.Noise(44, 24, seed: 3), 44, 24);
        var options = new FaceOptions { Width = 7, Height = 7, CenterShare = centerShare, BoxMargin = boxMargin };
        var features = new float[49];

        new FaceFrontEnd(options).Extract([file], hasBox ? [new FaceBox(2, 10, 12, 8)] : [], features);

        var expected = new float[49];
        FaceImage part = FaceImage.Load(file).Crop(new FaceBox(left, top, width, height));
        new FaceFrontEnd(new FaceOptions { Width = 7, Height = 7 }).Extract([part], expected);
        Assert.All(expected.Zip(features), pair => Assert.Equal(pair.First, pair.Second, OracleTolerance));
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

    [Theory]
    [InlineData(FaceNormalisation.None)]
    [InlineData(FaceNormalisation.Clip)]
    public void Extract_SeparateFrames_AreTheSingleFramesSideBySide_AndFewAreRepeated(FaceNormalisation normalisation)
    {
        string[] paths = [.. Enumerable.Range(0, 5).Select(i => _folder.Png($"s{i}.png", FaceFolder.Noise(40, 30, seed: 20 + i), 40, 30))];
        var options = new FaceOptions { Colour = FaceColour.Rgb, Normalisation = normalisation };
        var single = new FaceFrontEnd(options);
        var separate = new FaceFrontEnd(options with { Frames = FramePooling.Separate, FrameCount = 3 });

        Assert.Equal(3 * single.FeatureCount, separate.FeatureCount);
        float[][] alone = [.. paths.Select(path => single.Extract([path]))];
        Assert.Equal([.. alone[0], .. alone[2], .. alone[4]], separate.Extract(paths));
        Assert.Equal([.. alone[0], .. alone[1], .. alone[1]], separate.Extract(paths[..2]));
        Assert.Equal([.. alone[3], .. alone[3], .. alone[3]], separate.Extract([paths[3]]));
    }

    [Fact]
    public void Extract_TurnedPicture_EqualsTheUprightOne()
    {
        // Orientation 6: the stored picture is turned a quarter clockwise for viewing; golden files cover the
        // decoder, here only the sense of turning.
        FaceImage upright = FaceImage.Load(FaceFolder.Golden("turned.jpg"));
        var frontEnd = new FaceFrontEnd(new FaceOptions { Width = 12, Height = 16 });
        var expected = new float[frontEnd.FeatureCount];
        frontEnd.Extract([upright], expected);

        float[] features = frontEnd.Extract([FaceFolder.Golden("turned.jpg")]);

        Assert.All(features, (value, i) => Assert.Equal(expected[i], value, OracleTolerance));
    }

    [Theory]
    [InlineData(FaceDecoding.Exact)]
    [InlineData(FaceDecoding.Fast)]
    public void Extract_BoxOfAnyOrientation_EqualsThePartOfTheUprightPicture(FaceDecoding decoding)
    {
        // 40 x 27 as stored; decoded at a scale, a pixel's place is known to the sample only, so the part has to
        // fall on samples: the whole picture does.
        FaceBox[] boxes = decoding == FaceDecoding.Exact ? [new(3, 5, 20, 17), new(0, 0, 8, 8), new(19, 19, 8, 8)] : [];
        for (int orientation = 1; orientation <= 8; orientation++)
        {
            string path = FaceFolder.Golden($"orientation{orientation}.jpg");
            FaceImage upright = FaceImage.Load(path);
            var frontEnd = new FaceFrontEnd(new FaceOptions { Width = 14, Height = 9, Colour = FaceColour.Rgb, Decoding = decoding });
            foreach (FaceBox box in boxes.Append(new FaceBox(0, 0, upright.Width, upright.Height)))
            {
                FaceImage part = upright.Crop(box);
                var expected = new float[frontEnd.FeatureCount];
                var features = new float[frontEnd.FeatureCount];
                frontEnd.Extract([part], expected);

                frontEnd.Extract([path], [box], features);

                double mean = features.Zip(expected, (a, b) => Math.Abs(a - b)).Average();
                Assert.InRange(mean, 0, decoding == FaceDecoding.Exact ? OracleTolerance : FastMeanTolerance);
            }
        }
    }

    [Theory]
    [InlineData(-1, 0, 20, 20)]
    [InlineData(0, 0, 7, 20)]
    [InlineData(21, 0, 20, 20)]
    [InlineData(0, 8, 20, 20)]
    [InlineData(int.MaxValue, 0, int.MaxValue, 20)]
    public void Extract_BoxThatDoesNotFit_Refuses(int left, int top, int width, int height)
    {
        string path = _folder.Png("a.png", FaceFolder.Noise(40, 27, seed: 3), 40, 27);
        var features = new float[529];

        InvalidDataException e = Assert.Throws<InvalidDataException>(
            () => new FaceFrontEnd(new FaceOptions()).Extract([path], [new FaceBox(left, top, width, height)], features));

        Assert.Equal(
            $"{path}: the face's box [{left}, {top}, {width}, {height}] (left, top, width, "
            + "height) does not lie in the upright picture of 40 x 27 pixels; "
            + "expected a part of it of at least 8 x 8.",
            e.Message);
    }

    [Fact]
    public void Extract_BoxesForOtherFrames_Refuses()
    {
        ArgumentException e = Assert.Throws<ArgumentException>(
            () => new FaceFrontEnd(new FaceOptions()).Extract([FaceFolder.Frame], [null, null], new float[529]));

        Assert.Equal("'boxes' has 2 boxes; must be one for each of 1 frames, or none. (Parameter 'boxes')", e.Message);
    }

    [Theory]
    [InlineData(1, new[] { 3 })]
    [InlineData(2, new[] { 1, 5 })]
    [InlineData(3, new[] { 1, 3, 5 })]
    [InlineData(6, new[] { 0, 1, 2, 4, 5, 6 })]
    [InlineData(7, new[] { 0, 1, 2, 3, 4, 5, 6 })]
    [InlineData(8, new[] { 0, 1, 2, 3, 4, 5, 6 })]
    public void Extract_SampledFrames_TakesThemAtEvenDistances(int count, int[] chosen)
    {
        FaceImage[] frames = [.. Enumerable.Range(0, 7).Select(i => new FaceImage(FaceFolder.Noise(12, 12, seed: i), 12, 12))];
        var mean = new FaceFrontEnd(new FaceOptions { Width = 5, Height = 4 });
        var sampled = new FaceFrontEnd(new FaceOptions { Width = 5, Height = 4, Frames = FramePooling.Sampled, FrameCount = count });
        var expected = new float[20];
        var features = new float[20];
        mean.Extract([.. chosen.Select(i => frames[i])], expected);

        sampled.Extract(frames, features);

        Assert.Equal(expected, features);
    }

    [Fact]
    public void Extract_ClipNormalisation_LeavesMeanZeroAndDeviationOneAndNoBrightness()
    {
        var frontEnd = new FaceFrontEnd(new FaceOptions { Normalisation = FaceNormalisation.Clip });
        byte[] pixels = [.. FaceFolder.Noise(40, 40, seed: 4).Select(level => (byte)(60 + (level / 2)))];
        byte[] dimmer = [.. pixels.Select(level => (byte)(level - 50))];
        var features = new float[529];
        var other = new float[529];
        var flat = new float[529];

        frontEnd.Extract([new FaceImage(pixels, 40, 40)], features);
        frontEnd.Extract([new FaceImage(dimmer, 40, 40)], other);
        frontEnd.Extract([new FaceImage(FaceFolder.Flat(40, 40, 90, 90, 90), 40, 40)], flat);

        Assert.Equal(0, features.Average(value => (double)value), NormalTolerance);
        Assert.Equal(1, features.Average(value => (double)value * value), NormalTolerance);
        Assert.All(other, (value, i) => Assert.Equal(features[i], value, NormalTolerance));
        Assert.All(flat, value => Assert.Equal(0, value));
    }

    [Theory]
    [InlineData(23, 23, FaceColour.Grey)]
    [InlineData(64, 64, FaceColour.Rgb)]
    [InlineData(31, 50, FaceColour.Rgb)]
    public void Extract_FastDecoding_StaysWithinTheStatedMeanOfExact(int width, int height, FaceColour colour)
    {
        var exact = new FaceFrontEnd(new FaceOptions { Width = width, Height = height, Colour = colour });
        var fast = new FaceFrontEnd(new FaceOptions { Width = width, Height = height, Colour = colour, Decoding = FaceDecoding.Fast });
        string[] frames = Directory.GetFiles(
            Path.GetDirectoryName(Path.GetDirectoryName(Path.GetDirectoryName(FaceFolder.Frame)))!, "*.jpg", SearchOption.AllDirectories);

        double[] means =
        [
            .. frames.Select(frame => fast.Extract([frame]).Zip(exact.Extract([frame]), (a, b) => Math.Abs(a - b)).Average()),
        ];

        Assert.True(frames.Length > 100);
        Assert.InRange(means.Max(), 0, FastMeanTolerance);
        Assert.True(means.Max() > 0); // it is another way to the same picture
    }

    [Fact]
    public void Extract_Png_IsTheSameFastAndExact()
    {
        string path = FaceFolder.Golden("noise.png"); // 61 x 47
        var exact = new FaceFrontEnd(new FaceOptions { Width = 16, Height = 12 });
        var fast = new FaceFrontEnd(new FaceOptions { Width = 16, Height = 12, Decoding = FaceDecoding.Fast });
        var part = new float[192];

        fast.Extract([path], [new FaceBox(0, 0, 61, 47)], part);

        Assert.Equal(exact.Extract([path]), fast.Extract([path])); // the library decodes at full size only
        Assert.Equal(exact.Extract([path]), part);
    }

    [Fact]
    public void Extract_ManyThreads_GivesTheSameBits()
    {
        string[][] clips = [.. Enumerable.Range(0, 24).Select(i => new[]
        {
            _folder.Jpeg($"{i}a.jpg", FaceFolder.Noise(30 + i, 40, seed: 10 + i), 30 + i, 40),
            _folder.Jpeg($"{i}b.jpg", FaceFolder.Noise(35, 24 + i, seed: 50 + i), 35, 24 + i),
        })];
        var options = new FaceOptions { Decoding = FaceDecoding.Fast };
        var frontEnd = new FaceFrontEnd(options);
        float[][] expected = [.. clips.Select(clip => new FaceFrontEnd(options).Extract(clip))];
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

        Assert.Equal($"{empty}: is empty or no regular file; expected a JPEG or PNG image.", e.Message);
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
