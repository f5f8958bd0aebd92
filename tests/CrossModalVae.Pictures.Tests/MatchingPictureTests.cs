using ScottPlot;
using ScottPlot.Plottables;

namespace CrossModalVae.Pictures.Tests;

public class MatchingPictureTests
{
    private const double Exact = 1e-9;

    private static readonly MatchingSeries Series = new(
        "voice → face", [new(2, 0.8, 0.7, 0.9), new(5, 0.5, 0.4, 0.6), new(10, 0.3, 0.25, 0.35)]);

    [Fact]
    public void Draw_Series_HasPointsBandAndChance()
    {
        Picture picture = MatchingPicture.Draw([Series]);

        (double X, double Y, MarkerStyle Style)[] marks = picture.Marks();
        Assert.Equal(3, marks.Length);
        Assert.All(marks.Zip([0.8, 0.5, 0.3]), pair => Assert.Equal(pair.Second, pair.First.Y, Exact));
        Assert.Equal((marks[2].X - marks[0].X) * 3 / 8, marks[1].X - marks[0].X, Exact);
        PixelRect frame = picture.Frame();
        Assert.Equal(frame.Bottom - (0.5 * frame.Height), picture.Discs(Palette.Blue)[1].Y, 0.011);
        Polygon band = Assert.Single(picture.Panels[0].Plot.PlottableList.OfType<Polygon>());
        Assert.Equal([90, 60, 35, 25, 40, 70], band.Coordinates.Select(corner => corner.Y));
        (double X, double Y)[] chance = Assert.Single(picture.Curves("chance"));
        Assert.Equal(9, chance.Length);
        Assert.Equal((0.5, 0.1), (chance[0].Y, chance[^1].Y));
        Assert.Equal(["2", "3", "4", "5", "6", "7", "8", "9", "10"], picture.Panels[0].Plot.Axes.Bottom.TickTexts());
        Assert.Equal(["voice → face", "1:10 30.0%", "chance", "1:10 10.0%"], picture.LegendTexts());
        Assert.Empty(picture.Collisions());
    }

    [Fact]
    public void Draw_Png_ShowsTheBand()
    {
        Picture picture = MatchingPicture.Draw([new("a", [new(2, 0.5, 0.3, 0.9), new(3, 0.5, 0.3, 0.9), new(4, 0.5, 0.3, 0.9)])]);

        PixelRect frame = picture.Frame();
        Color within = picture.Pixel(frame.Left + (0.27 * frame.Width), frame.Bottom - (0.84 * frame.Height));
        Color above = picture.Pixel(frame.Left + (0.27 * frame.Width), frame.Bottom - (0.96 * frame.Height));
        Assert.Equal(Palette.White, above);
        Assert.Equal([210, 230, 241], [within.R, within.G, within.B]); // 45 / 255 of blue over white
    }

    [Fact]
    public void Draw_AccuracyOfOne_IsAWholeMark()
    {
        Picture picture = MatchingPicture.Draw([new("a", [new(2, 1), new(3, 1)])]);

        (double x, double y, double radius) = picture.Discs(Palette.Blue)[0];
        Assert.Equal(picture.Frame().Top, y, 0.011);
        Assert.Equal(Palette.Blue, picture.Pixel(x, y - (0.5 * radius))); // not cut at the frame
    }

    [Fact]
    public void Draw_WithoutIntervals_HasNoBand()
    {
        Picture picture = MatchingPicture.Draw([new("a", [new(2, 0.5), new(3, 0.4)])]);

        Assert.Empty(picture.Panels[0].Plot.PlottableList.OfType<Polygon>());
    }

    [Fact]
    public void Draw_BadSeries_AreRefused()
    {
        Assert.Equal("'series' is empty; must have at least one entry to draw. (Parameter 'series')", Refusal());
        Assert.Equal("'a' is empty; must have at least one entry to draw. (Parameter 'a')", Refusal(new MatchingSeries("a", [])));
        Assert.Equal(
            "'a' has Accuracy 1.5 at entry 0; must be 0 to 1. (Parameter 'a')", Refusal(new MatchingSeries("a", [new(2, 1.5)])));
        Assert.Equal(
            "'a' has Count 2 at entry 1; must be at least 3: N ascends from 1 on. (Parameter 'series')",
            Refusal(new MatchingSeries("a", [new(2, 0.5), new(2, 0.5)])));

        static string Refusal(params MatchingSeries[] series) =>
            Assert.Throws<ArgumentException>(() => MatchingPicture.Draw(series)).Message;
    }
}
