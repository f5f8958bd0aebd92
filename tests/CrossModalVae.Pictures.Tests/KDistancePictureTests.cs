using System.Xml.Linq;
using CrossModalVae.Clustering;
using CrossModalVae.Pictures.Drawing;

namespace CrossModalVae.Pictures.Tests;

public class KDistancePictureTests
{
    private const double SvgRounding = 0.0051;

    [Fact]
    public void Draw_Curve_MarksTheKneeOnIt()
    {
        double[] curve = [.. Enumerable.Range(1, 100).Select(i => i <= 90 ? 0.1 + (0.001 * i) : 0.19 + (0.1 * (i - 90)))];
        double eps = KDistance.Knee(curve);

        Picture picture = KDistancePicture.Draw(curve, 5, eps);

        Assert.Equal(0.19, eps, 1e-12);
        PixelPoint[] points = Assert.Single(picture.Svg("curve")).Points();
        XElement knee = Assert.Single(picture.Svg("knee"));
        Assert.Contains(points, point => Math.Abs(point.X - knee.Number("cx")) < SvgRounding && Math.Abs(point.Y - knee.Number("cy")) < SvgRounding);
        PixelBox frame = picture.Frame();
        double top = 1.19 * 1.04; // the axis: from 0 to 4 % above the largest distance
        Assert.Equal(frame.Bottom - (0.19 / top * frame.Height), knee.Number("cy"), SvgRounding);
        Assert.Equal(frame.Left + (90 / 104.0 * frame.Width), knee.Number("cx"), SvgRounding);
        Assert.Equal(["100 points", "eps = 0.19", "90% at or below"], picture.Texts("legend"));
        Assert.Equal("0.0", picture.Texts("y-tick")[0]);
        Assert.Empty(picture.Collisions());
    }

    [Fact]
    public void Draw_EpsBeyondTheCurve_IsStillShown()
    {
        Picture picture = KDistancePicture.Draw([0.1, 0.2, 0.3], 2, 0.9);

        Assert.InRange(Assert.Single(picture.Svg("knee")).Number("cy"), picture.Frame().Top, picture.Frame().Bottom);
    }

    [Fact]
    public void Draw_MillionPoints_IsASmallDocument()
    {
        double[] curve = [.. Enumerable.Range(0, 1_000_000).Select(i => i * 1e-6)];

        Assert.InRange(KDistancePicture.Draw(curve, 5, 0.5).ToSvg().Length, 1000, 100_000);
    }

    [Fact]
    public void Draw_BadCurves_AreRefused()
    {
        Assert.Equal("'curve' is empty; must have at least one entry to draw. (Parameter 'curve')", Refusal([]));
        Assert.Equal("'curve' has distance NaN at entry 1; must be finite. (Parameter 'curve')", Refusal([0, double.NaN]));
        Assert.Equal("'curve' falls from 2 to 1 at entry 1; must be ascending. (Parameter 'curve')", Refusal([2, 1]));

        static string Refusal(double[] curve) => Assert.Throws<ArgumentException>(() => KDistancePicture.Draw(curve, 5, 1)).Message;
    }
}
