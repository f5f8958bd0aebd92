using CrossModalVae.Augmentation;
using CrossModalVae.Faces;
using CrossModalVae.Numerics;

namespace CrossModalVae.Media.Tests.Augmentation;

public class FaceAugmenterTests
{
    private const int Width = 60;
    private const int Height = 40;

    // Rounding to 256 levels, evenly spread, moves a mean of 2,400 pixels by less than this.
    private const double MeanTolerance = 0.1;

    [Fact]
    public void Apply_Flip_MirrorsEveryRowAndTwiceIsNothing()
    {
        FaceImage face = Face(1);

        FaceImage flipped = FaceAugmenter.Apply(face, new FaceDraw { Flips = true });

        for (int y = 0; y < Height; y++)
        {
            for (int x = 0; x < Width; x++)
            {
                Assert.Equal(Pixel(face, Width - 1 - x, y), Pixel(flipped, x, y));
            }
        }

        Assert.Equal(face.Pixels, FaceAugmenter.Apply(flipped, new FaceDraw { Flips = true }).Pixels);
    }

    [Fact]
    public void Apply_Crop_IsAPartOfThePictureWithinItsBounds()
    {
        FaceImage face = Positions();
        var options = new FaceAugmentationOptions { FlipProbability = 0, CropProbability = 1, CropShareMin = 0.5 };
        var lefts = new HashSet<int>();
        for (int view = 1; view <= 200; view++)
        {
            FaceDraw draw = FaceDraw.For(options, 1, "p/0", view);

            FaceImage crop = FaceAugmenter.Apply(face, draw);

            Assert.Equal((Math.Round(draw.CropShare * Width), Math.Round(draw.CropShare * Height)), (crop.Width, crop.Height));
            (byte left, byte top, _) = Pixel(crop, 0, 0);
            Assert.Equal(
                ((byte)(left + crop.Width - 1), (byte)(top + crop.Height - 1), (byte)7), Pixel(crop, crop.Width - 1, crop.Height - 1));
            Assert.InRange(left + crop.Width, 1, Width);
            Assert.InRange(top + crop.Height, 1, Height);
            lefts.Add(left);
        }

        Assert.InRange(lefts.Count, 20, Width / 2 + 1);
    }

    [Theory]
    [InlineData(0.1)]
    [InlineData(-0.15)]
    public void Apply_Brightness_ShiftsTheMean(double shift)
    {
        FaceImage face = Face(2);

        FaceImage result = FaceAugmenter.Apply(face, new FaceDraw { Brightness = shift });

        Assert.Equal(Mean(face) + (255 * shift), Mean(result), 0.5);
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(1.3)]
    public void Apply_Contrast_KeepsTheMeanAndScalesTheSpread(double factor)
    {
        FaceImage face = Face(3);

        FaceImage result = FaceAugmenter.Apply(face, new FaceDraw { Contrast = factor });

        Assert.Equal(Mean(face), Mean(result), 0.5);
        Assert.Equal(factor, Spread(result) / Spread(face), 0.01);
    }

    [Fact]
    public void Apply_Brightness_StopsAtBlackAndWhite()
    {
        FaceImage face = new([.. Enumerable.Repeat<byte>(250, 300)], 10, 10);

        Assert.All(FaceAugmenter.Apply(face, new FaceDraw { Brightness = 0.5 }).Pixels.ToArray(), level => Assert.Equal(255, level));
        Assert.All(FaceAugmenter.Apply(face, new FaceDraw { Brightness = -1 }).Pixels.ToArray(), level => Assert.Equal(0, level));
    }

    [Fact]
    public void Apply_Blur_KeepsTheMeanAndRemovesWhatIsFine()
    {
        FaceImage face = Face(4);
        FaceImage stripes = new(
            [.. Enumerable.Range(0, 3 * Width * Height).Select(i => (byte)(i / 3 % Width % 2 == 0 ? 200 : 100))], Width, Height);
        FaceImage waves = new(
            [
                .. Enumerable.Range(0, 3 * Width * Height)
                    .Select(i => (byte)Math.Round(128 + (80 * Math.Sin(2 * Math.PI * (i / 3 % Width) / 30)))),
            ],
            Width,
            Height);
        var blur = new FaceDraw { Blur = 2.0 / Height }; // a deviation of 2 pixels

        Assert.Equal(Mean(face), Mean(FaceAugmenter.Apply(face, blur)), MeanTolerance);
        FaceImage smooth = FaceAugmenter.Apply(stripes, blur);
        // gain exp(-2 (pi 2 / 2)^2), 3e-9
        Assert.All(Places().Where(p => p.X is > 6 and < Width - 7), p => Assert.InRange(Pixel(smooth, p.X, p.Y).Red, 149, 151));
        double kept = Math.Exp(-2 * Math.Pow(Math.PI * 2 / 30, 2)); // a Gaussian's gain at that frequency
        Assert.Equal(kept, Spread(FaceAugmenter.Apply(waves, blur)) / Spread(waves), 0.03);
    }

    [Theory]
    [InlineData(0.02)]
    [InlineData(0.15)]
    [InlineData(0.9)] // as large as the shorter side allows
    public void Apply_CutOut_IsASquareOfTheMeanColourInsideThePicture(double area)
    {
        FaceImage face = Positions();
        for (int i = 0; i < 20; i++)
        {
            FaceImage result = FaceAugmenter.Apply(
                face, new FaceDraw { CutOutArea = area, CutOutX = i / 20.0, CutOutY = 1 - ((i + 1) / 20.0) });

            (int X, int Y)[] changed = [.. Places().Where(p => Pixel(face, p.X, p.Y) != Pixel(result, p.X, p.Y))];
            int side = Math.Min(Height, (int)Math.Round(Math.Sqrt(area * Width * Height)));
            (int left, int right) = (changed.Min(p => p.X), changed.Max(p => p.X));
            (int top, int bottom) = (changed.Min(p => p.Y), changed.Max(p => p.Y));
            Assert.InRange(changed.Length, (side * side) - 1, side * side); // a pixel may have had the mean colour
            Assert.Equal((side, side), (right - left + 1, bottom - top + 1));
            Assert.All(changed, p => Assert.Equal(((byte)30, (byte)20, (byte)7), Pixel(result, p.X, p.Y))); // 29.5 and 19.5, to even
        }
    }

    [Fact]
    public void Apply_NothingDrawn_IsTheSamePicture()
    {
        FaceImage face = Face(5);
        var options = new FaceAugmentationOptions { FlipProbability = 0 };

        Assert.All(Enumerable.Range(1, 100), view => Assert.True(FaceDraw.For(options, 1, "p/0", view).KeepsFace));
        Assert.Same(face, FaceAugmenter.Apply(face, new FaceDraw()));
    }

    [Fact]
    public void For_Everything_FillsTheRangesAndFollowsTheSeed()
    {
        var options = new FaceAugmentationOptions
        {
            FlipProbability = 0.5,
            CropProbability = 1,
            BrightnessProbability = 1,
            ContrastProbability = 1,
            BlurProbability = 1,
            CutOutProbability = 1,
        };
        FaceDraw[] draws = [.. Enumerable.Range(1, 2_000).Select(view => FaceDraw.For(options, 1, "p/0", view))];

        Assert.Equal(0.5, draws.Average(draw => draw.Flips ? 1.0 : 0), 0.06); // five standard deviations
        AssertFills(draws.Select(draw => draw.CropShare), 0.85, 1);
        AssertFills(draws.Select(draw => draw.Brightness), -0.15, 0.15);
        AssertFills(draws.Select(draw => draw.Contrast), 0.7, 1.4);
        AssertFills(draws.Select(draw => draw.Blur), 0.005, 0.02);
        AssertFills(draws.Select(draw => draw.CutOutArea), 0.02, 0.15);
        Assert.Equal(draws[6], FaceDraw.For(options, 1, "p/0", 7));
        Assert.NotEqual(draws[6], FaceDraw.For(options, 2, "p/0", 7));
        FaceImage face = Face(6);
        Assert.Equal(FaceAugmenter.Apply(face, draws[6]).Pixels, FaceAugmenter.Apply(face, draws[6]).Pixels);
    }

    [Fact]
    public void Options_Faults_AreAllNamed()
    {
        var e = Assert.Throws<ArgumentException>(
            new FaceAugmentationOptions { FlipProbability = 2, BlurMin = 0.05, CutOutAreaMax = 1 }.Validate);

        Assert.Equal(
            "'FlipProbability' is 2; must be 0 to 1. 'BlurMin' is 0.05 and 'BlurMax' 0.02; the first must not be larger. "
            + "'CutOutAreaMax' is 1; must be 0 to 0.9.",
            e.Message);
    }

    private static void AssertFills(IEnumerable<double> values, double low, double high)
    {
        double[] all = [.. values];
        double margin = 0.05 * (high - low);
        Assert.All(all, value => Assert.InRange(value, low, high));
        Assert.InRange(all.Min(), low, low + margin);
        Assert.InRange(all.Max(), high - margin, high);
    }

    /// <summary>Levels 60 to 195, so that small changes clip nothing.</summary>
    private static FaceImage Face(long seed)
    {
        var random = new SeededRandom(seed);
        return new FaceImage([.. Enumerable.Range(0, 3 * Width * Height).Select(_ => (byte)(60 + random.NextInt32(136)))], Width, Height);
    }

    /// <summary>Red is the column, green the row.</summary>
    private static FaceImage Positions() => new([.. Places().SelectMany(p => new[] { (byte)p.X, (byte)p.Y, (byte)7 })], Width, Height);

    private static IEnumerable<(int X, int Y)> Places() => Enumerable.Range(0, Width * Height).Select(i => (i % Width, i / Width));

    private static (byte Red, byte Green, byte Blue) Pixel(FaceImage face, int x, int y)
    {
        ReadOnlySpan<byte> p = face.Pixels.Slice(3 * ((y * face.Width) + x), 3);
        return (p[0], p[1], p[2]);
    }

    private static double Mean(FaceImage face) => face.Pixels.ToArray().Average(level => (double)level);

    private static double Spread(FaceImage face)
    {
        double mean = Mean(face);
        return Math.Sqrt(face.Pixels.ToArray().Average(level => Math.Pow(level - mean, 2)));
    }
}
