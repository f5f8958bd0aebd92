using CrossModalVae.Augmentation;
using CrossModalVae.Numerics;

namespace CrossModalVae.Media.Tests.Augmentation;

public class PictureAugmenterTests
{
    private const int Width = 20;
    private const int Height = 16;

    private static readonly FreshFaceOptions Nothing = new()
    {
        FlipProbability = 0,
        RotationDegrees = 0,
        Scale = 0,
        Shift = 0,
        Contrast = 0,
        Colour = 0,
        GreyProbability = 0,
        BlurProbability = 0,
        CutOutProbability = 0,
    };

    [Fact]
    public void Apply_StrengthsOfZero_ChangeNothing()
    {
        float[] before = Signals.Noise(3 * Width * Height, 1, 1);

        Assert.All(before.Zip(Applied(before, Nothing, 1)), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
    }

    [Fact]
    public void Apply_Flip_IsTheMirrorImage()
    {
        float[] before = Signals.Noise(3 * Width * Height, 1, 1);
        float[] mirror = [.. before.Chunk(Width).SelectMany(row => row.Reverse())];

        float[] after = Applied(before, Nothing with { FlipProbability = 1 }, 1);

        Assert.All(mirror.Zip(after), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
    }

    [Fact]
    public void Apply_AffineMap_MovesARampByTheInverseMap()
    {
        // On a linear ramp bilinear interpolation is exact: the picture is a(x', y') with (x', y') an affine function of (x, y).
        float[] ramp = [.. Enumerable.Range(0, Width * Height).Select(i => (0.5f * (i % Width)) - (0.25f * (i / Width)))];
        for (int seed = 0; seed < 100; seed++)
        {
            float[] after = Applied(ramp, Nothing with { RotationDegrees = 20, Scale = 0.1, Shift = 0.05 }, seed);

            // Away from the edges second differences vanish, and the gradient's length is the ramp's over the scale.
            float At(int x, int y) => after[(y * Width) + x];
            (int cx, int cy) = (Width / 2, Height / 2);
            float gx = At(cx + 1, cy) - At(cx, cy), gy = At(cx, cy + 1) - At(cx, cy);
            Assert.Equal(gx, At(cx, cy) - At(cx - 1, cy), 1e-4f);
            Assert.Equal(gy, At(cx, cy) - At(cx, cy - 1), 1e-4f);
            double scale = Math.Sqrt(0.5 * 0.5 + (0.25 * 0.25)) / Math.Sqrt((gx * gx) + (gy * gy));
            Assert.InRange(scale, 0.9 - 1e-3, 1.1 + 1e-3);
        }
    }

    [Fact]
    public void Apply_ContrastAndColour_AreAnAffineMapOfEachPlane()
    {
        float[] before = Signals.Noise(3 * Width * Height, 2, 1);
        float[] after = Applied(before, Nothing with { Contrast = 0.4, Colour = 0.5 }, 9);
        double[] factors = new double[3];
        for (int plane = 0; plane < 3; plane++)
        {
            Range own = (plane * Width * Height)..((plane + 1) * Width * Height);
            (float[] x, float[] y) = (before[own], after[own]);
            factors[plane] = (y[1] - y[0]) / (x[1] - x[0]);
            Assert.All(x.Zip(y), pair => Assert.Equal(y[0] + (factors[plane] * (pair.First - x[0])), pair.Second, 1e-3));
        }

        Assert.InRange(factors[0], 0.6, 1.4);
        Assert.Equal(factors[0], factors[1], 1e-3);
    }

    [Fact]
    public void Apply_GreyBlurAndCutOut_DoWhatTheySay()
    {
        float[] before = Signals.Noise(3 * Width * Height, 3, 1);

        float[] grey = Applied(before, Nothing with { GreyProbability = 1 }, 1);
        Assert.Equal(grey[..(Width * Height)], grey[(Width * Height)..(2 * Width * Height)]);
        Assert.Equal((before[7] + before[7 + (Width * Height)] + before[7 + (2 * Width * Height)]) / 3, grey[7], 1e-5f);

        float[] flat = [.. Enumerable.Repeat(2f, 3 * Width * Height)];
        Assert.All(Applied(flat, Nothing with { BlurProbability = 1 }, 1), value => Assert.Equal(2f, value, 1e-5f));
        float[] blurred = Applied(before, Nothing with { BlurProbability = 1 }, 1);
        Assert.True(blurred.Select(value => value * value).Average() < 0.5 * before.Select(value => value * value).Average());

        for (int seed = 0; seed < 50; seed++)
        {
            float[] cut = Applied(flat, Nothing with { CutOutProbability = 1, CutOutShare = 0.5 }, seed);
            int zeros = cut.Count(value => value == 0);
            int side = (int)Math.Sqrt(zeros / 3.0);
            Assert.Equal(zeros, 3 * side * side);
            Assert.InRange(side, 0, Height / 2);
        }
    }

    private static float[] Applied(float[] picture, FreshFaceOptions options, long seed)
    {
        float[] copy = [.. picture];
        PictureAugmenter.Apply(copy, Width, Height, options, new SeededRandom(seed));
        return copy;
    }
}
