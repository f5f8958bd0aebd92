using CrossModalVae.Pictures.Drawing;

namespace CrossModalVae.Pictures.Tests;

public class MatchingPictureTests
{
    private const double SvgRounding = 0.0051;

    private static readonly MatchingSeries Series = new("voice → face", [new(2, 0.8, 0.7, 0.9), new(5, 0.5, 0.4, 0.6), new(10, 0.3, 0.25, 0.35)]);

    [Fact]
    public void Draw_Series_HasPointsBandAndChance()
    {
        Picture picture = MatchingPicture.Draw([Series]);

        PixelBox frame = picture.Frame();
        Assert.Equal(3, picture.Svg("accuracy").Length);
        double[] heights = [.. picture.Svg("accuracy").Select(mark => (frame.Bottom - mark.Number("cy")) / frame.Height)];
        Assert.All(heights.Zip([0.8, 0.5, 0.3]), pair => Assert.Equal(pair.Second, pair.First, 1e-4));
        double[] places = [.. picture.Svg("accuracy").Select(mark => mark.Number("cx"))];
        Assert.Equal((places[2] - places[0]) * 3 / 8, places[1] - places[0], 2 * SvgRounding);
        Assert.Equal(6, Assert.Single(picture.Svg("interval")).Points().Length);
        PixelPoint[] chance = Assert.Single(picture.Svg("chance")).Points();
        Assert.Equal(9, chance.Length);
        Assert.Equal(0.5, (frame.Bottom - chance[0].Y) / frame.Height, 1e-4);
        Assert.Equal(0.1, (frame.Bottom - chance[^1].Y) / frame.Height, 1e-4);
        Assert.Equal(["2", "3", "4", "5", "6", "7", "8", "9", "10"], picture.Texts("x-tick"));
        Assert.Equal(["voice → face", "1:10 30.0%", "chance", "1:10 10.0%"], picture.Texts("legend"));
        Assert.Empty(picture.Collisions());
    }

    [Fact]
    public void Draw_WithoutIntervals_HasNoBand()
    {
        Assert.Empty(MatchingPicture.Draw([new("a", [new(2, 0.5), new(3, 0.4)])]).Svg("interval"));
    }

    [Fact]
    public void Draw_BadSeries_AreRefused()
    {
        Assert.Equal("'series' is empty; must have at least one entry to draw. (Parameter 'series')", Refusal());
        Assert.Equal("'a' is empty; must have at least one entry to draw. (Parameter 'a')", Refusal(new MatchingSeries("a", [])));
        Assert.Equal("'a' has Accuracy 1.5 at entry 0; must be 0 to 1. (Parameter 'a')", Refusal(new MatchingSeries("a", [new(2, 1.5)])));
        Assert.Equal(
            "'a' has Count 2 at entry 1; must be at least 3: N ascends from 1 on. (Parameter 'series')", Refusal(new MatchingSeries("a", [new(2, 0.5), new(2, 0.5)])));

        static string Refusal(params MatchingSeries[] series) => Assert.Throws<ArgumentException>(() => MatchingPicture.Draw(series)).Message;
    }
}
