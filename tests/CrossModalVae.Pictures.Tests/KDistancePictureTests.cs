using CrossModalVae.Clustering;
using ScottPlot;

namespace CrossModalVae.Pictures.Tests;

public class KDistancePictureTests
{
    // SVG coordinates have two decimals; ScottPlot computes in single precision.
    private const double Rounding = 0.011;
    private const double Exact = 1e-9;

    [Fact]
    public void Draw_Curve_MarksTheKneeOnIt()
    {
        double[] curve = [.. Enumerable.Range(1, 100).Select(i => i <= 90 ? 0.1 + (0.001 * i) : 0.19 + (0.1 * (i - 90)))];
        double eps = KDistance.Knee(curve);

        Picture picture = KDistancePicture.Draw(curve, 5, eps);

        Assert.Equal(0.19, eps, 1e-12);
        (double x, double y, MarkerStyle style) = Assert.Single(picture.Marks());
        double top = 1.19 * 1.04; // the axis: from 0 to 4 % above the largest distance
        Assert.Equal((90 / 104.0, 0.19 / top), (x, y), Near);
        Assert.Equal(Palette.Vermillion, style.FillColor);
        Assert.Contains(Assert.Single(picture.Curves("curve")), point => Near(point, (x, y)));
        PixelRect frame = picture.Frame();
        (double X, double Y, double Radius) knee = Assert.Single(picture.Discs(Palette.Vermillion));
        Assert.Equal(frame.Left + (x * frame.Width), knee.X, Rounding);
        Assert.Equal(frame.Bottom - (y * frame.Height), knee.Y, Rounding);
        Assert.Equal(Palette.Vermillion, picture.Pixel(knee.X, knee.Y));
        Assert.Equal(["100 points", "eps = 0.19", "90% at or below"], picture.LegendTexts());
        Assert.Equal("0.0", picture.Panels[0].Plot.Axes.Left.TickTexts()[0]);
        Assert.Empty(picture.Collisions());

        static bool Near((double X, double Y) a, (double X, double Y) b) => Math.Abs(a.X - b.X) < Exact && Math.Abs(a.Y - b.Y) < Exact;
    }

    [Fact]
    public void Draw_EpsBeyondTheCurve_IsStillShown()
    {
        Picture picture = KDistancePicture.Draw([0.1, 0.2, 0.3], 2, 0.9);

        Assert.InRange(Assert.Single(picture.Marks()).Y, 0, 1);
        Assert.InRange(Assert.Single(picture.Discs(Palette.Vermillion)).Y, picture.Frame().Top, picture.Frame().Bottom);
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
        Assert.Equal("'curve' has distance 1 at entry 1 after 2; must be ascending. (Parameter 'curve')", Refusal([2, 1]));

        static string Refusal(double[] curve) => Assert.Throws<ArgumentException>(() => KDistancePicture.Draw(curve, 5, 1)).Message;
    }
}
