using ScottPlot;

namespace CrossModalVae.Pictures.Tests;

public class LossPictureTests
{
    private const double Exact = 1e-9;

    private static readonly double?[] Falling = [3, 2, 1.5];

    [Fact]
    public void Draw_Curves_HaveAPanelEach()
    {
        LossCurve[] curves = [new("total", Falling, [4, 3, 3.5]), new("KL", Falling, [null, 2, 1]), new("AUC", [], [0.5, 0.6, 0.7])];

        Picture picture = LossPicture.Draw(curves, keptEpoch: 2);

        Assert.Equal(["total", "KL", "AUC"], picture.Panels.Select(panel => panel.Plot.Axes.Title.Label.Text));
        Assert.Empty(new[] { "Training", "total", "KL", "AUC", "training", "validation", "kept epoch 2" }.Except(picture.Texts()));
        Assert.Equal([1, 1, 0], Enumerable.Range(0, 3).Select(i => picture.Curves("train", i).Length));
        Assert.Equal([1, 1, 1], Enumerable.Range(0, 3).Select(i => picture.Curves("validation", i).Length));
        Assert.Equal([1, 1, 1], Enumerable.Range(0, 3).Select(i => picture.Curves("kept", i).Length));
        Assert.Equal([3, 3, 0], Enumerable.Range(0, 3).Select(i => Marks(i, MarkerShape.FilledCircle)));
        Assert.Equal([3, 2, 3], Enumerable.Range(0, 3).Select(i => Marks(i, MarkerShape.FilledTriangleUp)));
        (double X, double Y)[] total = picture.Curves("train")[0];
        Assert.Equal(0.5, total[1].X, Exact); // epoch 2 of 3
        Assert.Equal((3 - 1.4) / 2.7, total[0].Y, Exact); // of 1.5 to 4 with 4 % room: 1.4 to 4.1
        Assert.Equal([2, 3, 3], picture.Strokes(Palette.Blue).Select(points => points.Length).Order()); // the head's, then total and KL
        Assert.Empty(picture.Collisions());

        int Marks(int panel, MarkerShape shape) => picture.Marks(panel).Count(mark => mark.Style.Shape == shape);
    }

    [Fact]
    public void Draw_Png_HasEveryPanel()
    {
        Picture picture = LossPicture.Draw([new("total", [1, 2, 4], []), new("KL", [1, 2, 4], []), new("AUC", [1, 2, 4], [])]);

        Assert.Equal(3, picture.Panels.Count);
        for (int i = 0; i < 3; i++)
        {
            PixelRect frame = picture.Frame(i);
            (double X, double Y, _) = picture.Marks(i)[0];
            Assert.Equal(Palette.Blue, picture.Pixel(frame.Left + (X * frame.Width), frame.Bottom - (Y * frame.Height)));
            Assert.Equal(Palette.White, picture.Pixel(frame.Left + (0.9 * frame.Width), frame.Bottom - (0.1 * frame.Height)));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(11)]
    public void Draw_AnyNumberOfPanels_NothingOverlaps(int count)
    {
        LossCurve[] curves =
        [
            .. Enumerable.Range(0, count).Select(i => new LossCurve($"from voice: face reconstruction {i}", Scaled(i), Scaled(i + 1))),
        ];

        Picture picture = LossPicture.Draw(curves, 3);

        Assert.Equal(count, picture.Panels.Count);
        Assert.Empty(picture.Collisions());

        static double?[] Scaled(int power) => [.. Falling.Select(value => value * Math.Pow(10, power - 5))];
    }

    [Fact]
    public void Draw_OneEpoch_IsADot()
    {
        Picture picture = LossPicture.Draw([new("total", [1], [2])]);

        Assert.Single(picture.Marks(), mark => mark.Style.Shape == MarkerShape.FilledCircle);
        Assert.Empty(picture.Curves("train"));
        Assert.Equal(["1"], picture.Panels[0].Plot.Axes.Bottom.TickTexts());
    }

    [Fact]
    public void Draw_BadCurves_AreRefused()
    {
        Assert.Equal("'curves' is empty; must have at least one entry to draw. (Parameter 'curves')", Refusal());
        Assert.Equal("'KL' is empty; must have at least one entry to draw. (Parameter 'KL')", Refusal(new LossCurve("KL", [null], [])));
        Assert.Equal(
            "'KL' has Validation NaN at entry 1; must be finite. (Parameter 'KL')", Refusal(new LossCurve("KL", [1], [1, double.NaN])));

        static string Refusal(params LossCurve[] curves) => Assert.Throws<ArgumentException>(() => LossPicture.Draw(curves)).Message;
    }
}
