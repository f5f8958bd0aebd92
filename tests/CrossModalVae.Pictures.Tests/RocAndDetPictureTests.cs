using System.Xml.Linq;
using CrossModalVae.Metrics;
using CrossModalVae.Pictures.Drawing;

namespace CrossModalVae.Pictures.Tests;

public class RocAndDetPictureTests
{
    private const double SvgRounding = 0.0051;

    // Targets 4, 2, non-targets 3, 1: the curve goes (0,0) (0,1/2) (1/2,1/2) (1/2,1) (1,1).
    private static readonly RocSeries Four = new("four trials", RocCurve.Compute([4, 2, 3, 1], [true, true, false, false]));

    [Fact]
    public void Roc_FourTrials_IsTheCurveByHand()
    {
        Picture picture = RocPicture.Draw([Four]);

        PixelBox frame = picture.Frame();
        PixelPoint[] points = Assert.Single(picture.Svg("curve")).Points();
        (double X, double Y)[] shares = [.. points.Select(point => ((point.X - frame.Left) / frame.Width, (frame.Bottom - point.Y) / frame.Height))];
        (double X, double Y)[] expected = [(0, 0), (0, 0.5), (0.5, 0.5), (0.5, 1), (1, 1)];
        Assert.Equal(expected.Length, shares.Length);
        Assert.All(expected.Zip(shares), pair => Assert.Equal(pair.First.X, pair.Second.X, 1e-4));
        Assert.All(expected.Zip(shares), pair => Assert.Equal(pair.First.Y, pair.Second.Y, 1e-4));
        XElement eer = Assert.Single(picture.Svg("eer"));
        Assert.Equal((frame.Left + frame.Right) / 2, eer.Number("cx"), SvgRounding);
        Assert.Equal((frame.Top + frame.Bottom) / 2, eer.Number("cy"), SvgRounding);
        Assert.Equal(["four trials", "AUC 75.0%, EER 50.0%", "chance", "AUC 50%, EER 50%", "equal error rate"], picture.Texts("legend"));
        Assert.Equal(Palette.Blue, picture.Pixel(eer.Number("cx"), eer.Number("cy")));
        Assert.Empty(picture.Collisions());
    }

    [Fact]
    public void Roc_Chance_IsTheDiagonal()
    {
        Picture picture = RocPicture.Draw([Four]);

        PixelBox frame = picture.Frame();
        Assert.Equal([new PixelPoint(frame.Left, frame.Bottom), new PixelPoint(frame.Right, frame.Top)], Assert.Single(picture.Svg("chance")).Points());
    }

    [Fact]
    public void Det_NormalScores_AreAStraightLineOfTheirSlope()
    {
        // Quantiles in place of draws: false acceptances Phi(-t), false rejections Phi(t - 2); on quantile axes x = -t, y = t - 2, so x + y = -2.
        const int Count = 20_000;
        float[] scores =
        [
            .. Enumerable.Range(0, Count).Select(i => (float)(2 + Quantile((i + 0.5) / Count))), .. Enumerable.Range(0, Count).Select(i => (float)Quantile((i + 0.5) / Count)),
        ];
        bool[] targets = [.. Enumerable.Range(0, 2 * Count).Select(i => i < Count)];

        Picture picture = DetPicture.Draw([new("normal", RocCurve.Compute(scores, targets))]);

        PixelBox frame = picture.Frame();
        double low = Quantile(0.0001); // the axes' ends: no trial is rarer than 0.005 %, so the lowest there is, and 60 %, as the system is good
        double high = Quantile(0.6);
        PixelPoint[] points = Assert.Single(picture.Svg("curve")).Points();
        Assert.True(points.Length > 100);
        Assert.All(points, point =>
        {
            double x = low + ((point.X - frame.Left) / frame.Width * (high - low));
            double y = low + ((frame.Bottom - point.Y) / frame.Height * (high - low));
            Assert.InRange(x + y, -2.15, -1.85); // a quantile's step at the rarest trials is 0.13
        });
        Assert.Empty(picture.Collisions());
    }

    [Fact]
    public void Det_PerfectSystem_HasNoCurveButItsFigures()
    {
        Picture picture = DetPicture.Draw([new("perfect", RocCurve.Compute([4, 3, 2, 1], [true, true, false, false]))]);

        Assert.Equal(["perfect", "AUC 100.0%, EER 0.0%"], picture.Texts("legend").Take(2));
        Assert.Empty(picture.Svg("eer"));
        Assert.Empty(picture.Svg("curve"));
    }

    [Fact]
    public void Draw_Nothing_IsRefused()
    {
        const string Expected = "'series' is empty; must have at least one entry to draw. (Parameter 'series')";
        Assert.Equal(Expected, Assert.Throws<ArgumentException>(() => RocPicture.Draw([])).Message);
        Assert.Equal(Expected, Assert.Throws<ArgumentException>(() => DetPicture.Draw([])).Message);
    }

    [Fact]
    public void Draw_ManySeries_HaveALegendBesideTheData()
    {
        RocSeries[] series = [.. Enumerable.Range(0, 9).Select(i => Four with { Name = $"system {i} with a name that is far too long for any legend" })];

        Picture roc = RocPicture.Draw(series);
        Picture det = DetPicture.Draw(series);

        Assert.Empty(roc.Collisions());
        Assert.Empty(det.Collisions());
        Assert.All(roc.Scene.Items.OfType<TextItem>().Where(text => text.Kind == "legend"), text => Assert.True(text.Box.Left > roc.Frame().Right));
    }

    private static double Quantile(double share) => Math.Sqrt(2) * MathNet.Numerics.SpecialFunctions.ErfInv((2 * share) - 1);
}
