namespace CrossModalVae.Pictures.Tests;

public class RiskCoveragePictureTests
{
    [Fact]
    public void Draw_Curves_LieAtTheirPointsBesideRandom()
    {
        Picture picture = RiskCoveragePicture.Draw(
            [new("margin", [(0.5, 0.1), (1, 0.3)], 0.2), new("log variance", [(0.5, 0.25), (1, 0.3)], 0.28)], 0.3);

        (double X, double Y)[][] curves = picture.Curves("curve");
        Assert.Equal(2, curves.Length);
        Assert.Equal([0.5, 1], curves[0].Select(point => Math.Round(point.X, 9)));
        Assert.True(curves[0][0].Y < curves[1][0].Y); // less risk lies lower
        Assert.Equal(curves[0][1].Y, curves[1][1].Y, 9); // at full coverage all are the same
        (double X, double Y)[] random = Assert.Single(picture.Curves("random"));
        Assert.Equal(curves[0][1].Y, random[0].Y, 9);
        Assert.Equal(["margin", "AURC 20.0%", "log variance", "AURC 28.0%", "random", "AURC 30.0%"], picture.LegendTexts());
        Assert.Empty(picture.Collisions());
    }

    [Fact]
    public void Draw_BadCurves_AreRefused()
    {
        Assert.Equal("'series' is empty; must have at least one entry to draw. (Parameter 'series')", Refusal());
        Assert.StartsWith("'a' has risk 1.5 at entry 0; must be 0 to 1.", Refusal(new RiskCoverageSeries("a", [(0.5, 1.5)], 0)));
        Assert.StartsWith(
            "'a' has coverage 0.1 at entry 1 after 0.5; must be ascending.", Refusal(new RiskCoverageSeries("a", [(0.5, 0), (0.1, 0)], 0)));

        static string Refusal(params RiskCoverageSeries[] series) =>
            Assert.Throws<ArgumentException>(() => RiskCoveragePicture.Draw(series, 0.1)).Message;
    }
}
