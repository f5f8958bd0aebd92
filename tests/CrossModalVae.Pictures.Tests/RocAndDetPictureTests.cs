using CrossModalVae.Metrics;
using ScottPlot;
using ScottPlot.Plottables;

namespace CrossModalVae.Pictures.Tests;

public class RocAndDetPictureTests
{
    private const double Exact = 1e-9;

    // SVG coordinates have two decimals; ScottPlot computes in single precision.
    private const double Rounding = 0.011;

    // Targets 4, 2, non-targets 3, 1: the curve goes (0,0) (0,1/2) (1/2,1/2) (1/2,1) (1,1).
    private static readonly RocSeries Four = new("four trials", RocCurve.Compute([4, 2, 3, 1], [true, true, false, false]));

    [Fact]
    public void Roc_FourTrials_IsTheCurveByHand()
    {
        Picture picture = RocPicture.Draw([Four]);

        PixelRect frame = picture.Frame();
        (double X, double Y)[] expected = [(0, 0), (0, 0.5), (0.5, 0.5), (0.5, 1), (1, 1)];
        Assert.Equal(expected, Assert.Single(picture.Curves("curve")));
        (double X, double Y)[] painted = Assert.Single(picture.Strokes(Palette.Blue), stroke => stroke.Length == 5);
        Assert.All(expected.Zip(painted), pair => Assert.Equal(frame.Left + (pair.First.X * frame.Width), pair.Second.X, Rounding));
        Assert.All(expected.Zip(painted), pair => Assert.Equal(frame.Bottom - (pair.First.Y * frame.Height), pair.Second.Y, Rounding));
        (double x, double y, _) = Assert.Single(picture.Discs(Palette.Blue));
        Assert.Equal(frame.HorizontalCenter, x, Rounding);
        Assert.Equal(frame.VerticalCenter, y, Rounding);
        Assert.Equal(Palette.Blue, picture.Pixel(x, y));
        Assert.Equal(["four trials", "AUC 75.0%, EER 50.0%", "chance", "AUC 50%, EER 50%", "equal error rate"], picture.LegendTexts());
        Assert.Contains("Receiver operating characteristic", picture.Texts());
        Assert.Contains("false acceptances (% of non-target trials)", picture.Texts());
        Assert.Empty(picture.Collisions());
    }

    [Fact]
    public void RocAndDet_Band_IsTheIntervalByHand()
    {
        RocSeries series = Four with
        {
            Band = [new RocBandPoint(0.1, 0.3, 0.6), new RocBandPoint(0.5, 0.7, 0.9), new RocBandPoint(0.9, 0.95, 1)],
            AucInterval = (0.612, 0.858),
        };

        Picture roc = RocPicture.Draw([series]), det = DetPicture.Draw([series]);

        Polygon band = Assert.Single(roc.Panels[0].Plot.PlottableList.OfType<Polygon>());
        Assert.Equal(
            [(10, 60), (50, 90), (90, 100), (90, 95), (50, 70), (10, 30)],
            band.Coordinates.Select(corner => (Math.Round(corner.X, 6), Math.Round(corner.Y, 6))));
        Polygon misses = Assert.Single(det.Panels[0].Plot.PlottableList.OfType<Polygon>());
        double highest = misses.Coordinates.Max(corner => corner.Y);
        Assert.Equal(Quantile(0.7), highest, Exact); // 1 - 0.3
        Assert.Equal(Quantile(0.1), misses.Coordinates.Min(corner => corner.X), Exact);
        Assert.Contains("AUC 75.0 [61.2, 85.8], EER 50.0%", roc.LegendTexts());
        Assert.Contains("AUC 75.0 [61.2, 85.8], EER 50.0%", det.LegendTexts());
        Assert.Empty(roc.Collisions());
        Assert.Empty(det.Collisions());
        Assert.Empty(RocPicture.Draw([Four]).Panels[0].Plot.PlottableList.OfType<Polygon>());
    }

    [Fact]
    public void Roc_Chance_IsTheDiagonal()
    {
        Picture picture = RocPicture.Draw([Four]);

        Assert.Equal([(0.0, 0.0), (1.0, 1.0)], Assert.Single(picture.Curves("chance")));
        PixelRect frame = picture.Frame();
        int dark = Enumerable.Range(1, 200).Count(i => // dashes of 5 and gaps of 4 pixels along the diagonal
        {
            double share = 0.2 + (0.001 * i);
            return picture.Pixel(frame.Left + (share * frame.Width), frame.Bottom - (share * frame.Height)).R < 200;
        });
        Assert.InRange(dark, 60, 160);
    }

    [Fact]
    public void Det_NormalScores_AreAStraightLineOfTheirSlope()
    {
        // Quantiles in place of draws: false acceptances Phi(-t), false rejections Phi(t - 2); on quantile axes x = -t, y = t - 2, so
        // x + y = -2.
        const int Count = 20_000;
        float[] quantiles = [.. Enumerable.Range(0, Count).Select(i => (float)Quantile((i + 0.5) / Count))];
        float[] scores = [.. quantiles.Select(quantile => 2 + quantile), .. quantiles];
        bool[] targets = [.. Enumerable.Range(0, 2 * Count).Select(i => i < Count)];

        Picture picture = DetPicture.Draw([new("normal", RocCurve.Compute(scores, targets))]);

        // The axes' ends: the curve enters at 60 % of misses and 1.2 % of false acceptances, and the system is good.
        double low = Quantile(0.01);
        double high = Quantile(0.6);
        (double X, double Y)[] points = Assert.Single(picture.Curves("curve"));
        Assert.True(points.Length > 100);
        Assert.All(points, point =>
        {
            double x = low + (point.X * (high - low));
            double y = low + (point.Y * (high - low));
            Assert.InRange(x + y, -2.15, -1.85); // a quantile's step at the rarest trials is 0.13
        });
        Assert.Equal(points.Length, picture.Strokes(Palette.Blue).Max(stroke => stroke.Length));
        Assert.Empty(picture.Collisions());
    }

    // Normal scores so many standard deviations apart: where an axis reaches 60 or 80 %, the curve's other rate is this.
    [Theory]
    [InlineData(2, 0.01, 0.6)] // EER 16 %; at 60 % the other rate is 1.2 %
    [InlineData(1, 0.1, 0.7)] // EER 31 %; at 70 % the other is 6.4 %: from 5 %
    [InlineData(0, 0.2, 0.8)] // chance; at 80 % the other is 20 %
    [InlineData(4, 0.0001, 0.6)] // EER 2 %
    public void Det_Axes_FitTheCurve(double distance, double low, double high)
    {
        const int Count = 20_000;
        float[] scores =
        [
            .. Enumerable.Range(0, 2 * Count).Select(i => (float)(Quantile(((i % Count) + 0.5) / Count) + (i < Count ? distance : 0))),
        ];
        bool[] targets = [.. scores.Select((_, i) => i < Count)];

        Picture picture = DetPicture.Draw([new("normal", RocCurve.Compute(scores, targets))]);

        AxisLimits limits = picture.Panels[0].Plot.Axes.GetLimits();
        Assert.Equal(Quantile(high), limits.Right, Exact);
        Assert.Equal(Quantile(high), limits.Top, Exact);
        Assert.Equal(limits.Left, limits.Bottom, Exact);
        Assert.InRange(limits.Left, Quantile(low / 2.1), Quantile(low) + Exact); // at most one step of the ladder below
        (double X, double Y)[] curve = Assert.Single(picture.Curves("curve"));
        Assert.InRange(curve.Min(point => Math.Min(point.X, point.Y)), 0, 0.25); // no empty half
        Assert.InRange(curve.Max(point => point.Y), 0.85, 1);
        Assert.Empty(picture.Collisions());
    }

    [Fact]
    public void Det_Ticks_LieAtTheirQuantiles()
    {
        Picture picture = DetPicture.Draw([Four]);

        Tick[] ticks = picture.Panels[0].Plot.Axes.Bottom.TickGenerator.Ticks;
        Assert.Contains("50", ticks.Select(tick => tick.Label));
        Assert.All(ticks, tick => Assert.Equal(
            Quantile(double.Parse(tick.Label, System.Globalization.CultureInfo.InvariantCulture) / 100), tick.Position, Exact));
    }

    [Fact]
    public void Det_TwoScoresOnly_AreACurveBetweenTheCorners()
    {
        // As the gender oracle scores: targets 1, non-targets half 1 and half 0. Misses fall to 0 as false acceptances rise to 1/2.
        RocCurve curve = RocCurve.Compute([1, 1, 1, 0], [true, true, false, false]);

        Picture picture = DetPicture.Draw([new("oracle", curve), Four]);

        (double X, double Y)[] points = picture.Curves("curve").MaxBy(line => line.Length)!;
        Assert.True(points.Length > 8);
        AxisLimits limits = picture.Panels[0].Plot.Axes.GetLimits();
        Assert.All(points, point =>
        {
            double falseRate = Share(limits.Left + (point.X * (limits.Right - limits.Left)));
            double missRate = Share(limits.Bottom + (point.Y * (limits.Top - limits.Bottom)));
            Assert.Equal(1, (2 * falseRate) + missRate, 1e-6);
        });

        static double Share(double quantile)
        {
            double low = 0, high = 1;
            for (int i = 0; i < 60; i++)
            {
                double middle = (low + high) / 2;
                (low, high) = Quantile(middle) < quantile ? (middle, high) : (low, middle);
            }

            return low;
        }
    }

    [Fact]
    public void Det_PerfectSystem_HasNoCurveButItsFigures()
    {
        Picture picture = DetPicture.Draw([new("perfect", RocCurve.Compute([4, 3, 2, 1], [true, true, false, false]))]);

        Assert.Equal(["perfect", "AUC 100.0%, EER 0.0%"], picture.LegendTexts().Take(2));
        Assert.Empty(picture.Marks());
        Assert.Empty(picture.Curves("curve"));
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
        RocSeries[] series =
        [
            .. Enumerable.Range(0, 9).Select(i => Four with { Name = $"system {i} with a name that is far too long for any legend" }),
        ];

        Picture roc = RocPicture.Draw(series);
        Picture det = DetPicture.Draw(series);

        Assert.Empty(roc.Collisions());
        Assert.Empty(det.Collisions());
        string[] names = [.. roc.LegendTexts().Where(text => text.StartsWith("system", StringComparison.Ordinal))];
        Assert.Equal(9, names.Length);
        Assert.All(names, name => Assert.EndsWith("…", name, StringComparison.Ordinal));
        PictureReading.AssertLegendIsBesideTheFrame(roc);
        PictureReading.AssertLegendIsBesideTheFrame(det);
    }

    private static double Quantile(double share) => Math.Sqrt(2) * MathNet.Numerics.SpecialFunctions.ErfInv((2 * share) - 1);
}
