using CrossModalVae.Pictures.Drawing;

namespace CrossModalVae.Pictures.Tests;

public class LossPictureTests
{
    private static readonly double?[] Falling = [3, 2, 1.5];

    [Fact]
    public void Draw_Curves_HaveAPanelEach()
    {
        Picture picture = LossPicture.Draw([new("total", Falling, [4, 3, 3.5]), new("KL", Falling, [null, 2, 1]), new("AUC", [], [0.5, 0.6, 0.7])], keptEpoch: 2);

        Assert.Equal(["Training", "total", "KL", "AUC"], picture.Texts("title"));
        Assert.Equal(3, picture.Svg("frame").Length);
        Assert.Equal(2, picture.Svg("train").Length);
        Assert.Equal(3, picture.Svg("validation").Length);
        Assert.Equal(6, picture.Svg("train-mark").Length);
        Assert.Equal(8, picture.Svg("validation-mark").Length);
        Assert.Equal(3, picture.Svg("kept").Length);
        Assert.Equal(["training", "validation", "kept epoch 2"], picture.Texts("legend"));
        PixelBox frame = picture.Frame();
        PixelPoint[] total = picture.Svg("train")[0].Points();
        Assert.Equal((frame.Left + frame.Right) / 2, total[1].X, 0.01); // epoch 2 of 3
        Assert.Equal(frame.Top + (frame.Height * (4 + 0.1 - 3) / 2.7), total[0].Y, 0.01); // of 1.5 to 4 with 4 % room: 1.4 to 4.1
        Assert.Empty(picture.Collisions());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(11)]
    public void Draw_AnyNumberOfPanels_NothingOverlaps(int count)
    {
        Picture picture = LossPicture.Draw([.. Enumerable.Range(0, count).Select(i => new LossCurve($"from voice: face reconstruction {i}", Scaled(i), Scaled(i + 1)))], 3);

        Assert.Equal(count, picture.Svg("frame").Length);
        Assert.Empty(picture.Collisions());

        static double?[] Scaled(int power) => [.. Falling.Select(value => value * Math.Pow(10, power - 5))];
    }

    [Fact]
    public void Draw_OneEpoch_IsADot()
    {
        Picture picture = LossPicture.Draw([new("total", [1], [2])]);

        Assert.Single(picture.Svg("train-mark"));
        Assert.Empty(picture.Svg("train"));
        Assert.Equal(["1"], picture.Texts("x-tick"));
    }

    [Fact]
    public void Draw_BadCurves_AreRefused()
    {
        Assert.Equal("'curves' is empty; must have at least one entry to draw. (Parameter 'curves')", Refusal());
        Assert.Equal("'KL' is empty; must have at least one entry to draw. (Parameter 'KL')", Refusal(new LossCurve("KL", [null], [])));
        Assert.Equal("'KL' has Validation NaN at entry 1; must be finite. (Parameter 'KL')", Refusal(new LossCurve("KL", [1], [1, double.NaN])));

        static string Refusal(params LossCurve[] curves) => Assert.Throws<ArgumentException>(() => LossPicture.Draw(curves)).Message;
    }
}
