using CrossModalVae.Metrics;
using ScottPlot;

namespace CrossModalVae.Pictures;

/// <summary>One system's or one direction's verification trials, for <see cref="RocPicture"/> and <see cref="DetPicture"/>.</summary>
/// <param name="Name">What the legend calls it.</param>
/// <param name="Curve">Its error rates at every threshold.</param>
public sealed record RocSeries(string Name, RocCurve Curve)
{
    /// <summary>The interval around the curve, false acceptances ascending; empty for none.</summary>
    public IReadOnlyList<RocBandPoint> Band { get; init; } = [];

    /// <summary>
    /// The area under the curve that the legend states. Default the curve's own; where that has few points, say the exact one.
    /// </summary>
    public double Auc { get; init; } = Curve.AreaScore;

    /// <summary>The interval of the area under the curve, or null.</summary>
    public (double Low, double High)? AucInterval { get; init; }

    /// <summary>The equal error rate that the legend states and a mark shows. Default the curve's own, as for <see cref="Auc"/>.</summary>
    public double EqualErrorRate { get; init; } = Curve.EqualErrorRate;
}

/// <summary>The interval of a curve's true acceptances at one rate of false acceptances.</summary>
/// <param name="FalseAcceptanceRate">0 to 1.</param>
/// <param name="Low">The lower end, 0 to 1.</param>
/// <param name="High">The upper end, 0 to 1.</param>
public readonly record struct RocBandPoint(double FalseAcceptanceRate, double Low, double High);

/// <summary>Receiver operating characteristics beside chance, each with its equal error rate marked; intervals as bands.</summary>
public static class RocPicture
{
    internal const double BandOpacity = 0.15;

    /// <summary>Draws curves.</summary>
    /// <param name="series">The curves, at least one, in the legend's order.</param>
    /// <param name="options">Size and title; null for the default, 780 x 540.</param>
    /// <exception cref="ArgumentException">There is no curve, or an option is out of range.</exception>
    public static Picture Draw(IReadOnlyList<RocSeries> series, PictureOptions? options = null)
    {
        options = PictureOptions.Checked(options);
        DataCheck.Any(series, nameof(series));

        using var chart = new Chart(
            options,
            (780, 540),
            "Receiver operating characteristic",
            new Axis("false acceptances (% of non-target trials)", 0, 100),
            new Axis("true acceptances (% of target trials)", 0, 100));
        FillLegend(chart.Legend, series);
        Panel panel = chart.Panel;
        panel.Curve([(0, 0), (100, 100)], Palette.Chance, "chance");
        panel.Curve([(0, 100), (100, 0)], Palette.Stroke(Palette.Faint, 1.5), "equal errors");
        for (int i = 0; i < series.Count; i++)
        {
            DrawBand(panel, series[i], Palette.Line(i), 100, highIsUp: true);
        }

        for (int i = 0; i < series.Count; i++)
        {
            RocCurve curve = series[i].Curve;
            panel.Curve(curve.FalseAcceptanceRate.Zip(curve.TrueAcceptanceRate, (x, y) => (100 * x, 100 * y)), Palette.Line(i), "curve");
        }

        panel.Marks(EqualErrorMarks(series).Select(mark => (mark.Rate, 100 - mark.Rate, mark.Style)));
        return chart.Paint();
    }

    /// <summary>One entry a curve, with its metrics; chance, and what the marks are.</summary>
    internal static void FillLegend(SideLegend legend, IReadOnlyList<RocSeries> series)
    {
        for (int i = 0; i < series.Count; i++)
        {
            legend.Line(
                series[i].Name,
                Palette.Line(i),
                Detail(series[i]),
                MarkerShape.FilledCircle);
        }

        legend.Line("chance", Palette.Chance, "AUC 50%, EER 50%");
        legend.Mark("equal error rate", MarkerShape.FilledCircle, new MarkLook(Palette.White));
    }

    /// <summary>
    /// The area between the interval's ends, of true acceptances or (DET) of false rejections; points beyond the axes lack.
    /// </summary>
    internal static void DrawBand(Panel panel, RocSeries series, LineStyle line, double high, bool highIsUp, double low = 0)
    {
        (double X, double Low, double High)[] points =
        [
            .. series.Band.Select(point => highIsUp
                    ? (X: 100 * point.FalseAcceptanceRate, Low: 100 * point.Low, High: 100 * point.High)
                    : (X: 100 * point.FalseAcceptanceRate, Low: 100 * (1 - point.High), High: 100 * (1 - point.Low)))
                .Where(point => point.X >= low && point.X <= high && point.Low <= high && point.High >= low)
                .Select(point => (point.X, Math.Max(low, point.Low), Math.Min(high, point.High))),
        ];
        if (points.Length > 1)
        {
            panel.Area(
                [.. points.Select(point => (point.X, point.High)), .. points.Reverse().Select(point => (point.X, point.Low))],
                line.Color.WithOpacity(BandOpacity));
        }
    }

    private static string Detail(RocSeries one) => one.AucInterval is (double low, double high)
        ? Invariant($"AUC {100 * one.Auc:0.0} [{100 * low:0.0}, {100 * high:0.0}], EER {100 * one.EqualErrorRate:0.0}%")
        : Invariant($"AUC {100 * one.Auc:0.0}%, EER {100 * one.EqualErrorRate:0.0}%");

    /// <summary>The equal error rate of every curve, in percent, and its mark.</summary>
    internal static IEnumerable<(double Rate, MarkerStyle Style)> EqualErrorMarks(IReadOnlyList<RocSeries> series) => series.Select(
        (one, i) => (100 * one.EqualErrorRate, new MarkLook(Palette.Line(i).Color).Style(MarkerShape.FilledCircle, 4.5)));
}
