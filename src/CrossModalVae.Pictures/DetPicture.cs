using CrossModalVae.Metrics;

namespace CrossModalVae.Pictures;

/// <summary>
/// Detection error tradeoff: false rejections against false acceptances, both on the scale of the normal distribution's quantiles
/// (Martin et al. 1997), where the curve of normally distributed scores is a straight line. Lower is better.
/// </summary>
public static class DetPicture
{
    // The range of a picture of good systems, as NIST draws them; of poor ones everything is shown.
    private const double HighestRateOfGoodSystems = 60;
    private const double LargestGoodEqualErrorRate = 0.3;

    private static readonly double[] LowestRates = [2, 1, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01];

    /// <summary>Draws curves.</summary>
    /// <param name="series">The curves, at least one, in the legend's order. Rates beyond the axes' ends, 0 and 1 among them, are not
    /// drawn.</param>
    /// <param name="options">Size and title; null for the default, 780 x 540.</param>
    /// <exception cref="ArgumentException">There is no curve, or an option is out of range.</exception>
    public static Picture Draw(IReadOnlyList<RocSeries> series, PictureOptions? options = null)
    {
        options = PictureOptions.Checked(options);
        DataCheck.Any(series, nameof(series));

        double least = series.SelectMany(one => Rates(one.Curve)).SelectMany(rates => new[] { rates.X, rates.Y })
            .Where(rate => rate > 0).Min();
        double low = LowestRates.FirstOrDefault(rate => rate <= least, LowestRates[^1]);
        double high = series.All(one => one.Curve.EqualErrorRate < LargestGoodEqualErrorRate) ? HighestRateOfGoodSystems : 100 - low;
        using var chart = new Chart(
            options,
            (780, 540),
            "Detection error tradeoff",
            new Axis("false acceptances (% of non-target trials)", low, high) { Probit = true },
            new Axis("false rejections (% of target trials)", low, high) { Probit = true });
        RocPicture.FillLegend(chart.Legend, series);
        Panel panel = chart.Panel;
        panel.Curve([(100 - high, high), (high, 100 - high)], Palette.Chance, "chance");
        panel.Curve([(low, low), (high, high)], Palette.Stroke(Palette.Faint, 1.5), "equal errors");
        for (int i = 0; i < series.Count; i++)
        {
            RocPicture.DrawBand(panel, series[i], Palette.Line(i), high, highIsUp: false, low);
        }

        for (int i = 0; i < series.Count; i++)
        {
            panel.Curve(Rates(series[i].Curve).Where(rates => Within(rates.X) && Within(rates.Y)), Palette.Line(i), "curve");
        }

        panel.Marks(RocPicture.EqualErrorMarks(series).Where(mark => Within(mark.Rate)).Select(mark => (mark.Rate, mark.Rate, mark.Style)));
        return chart.Paint();

        bool Within(double rate) => rate >= low && rate <= high;
    }

    private static IEnumerable<(double X, double Y)> Rates(RocCurve curve) =>
        curve.FalseAcceptanceRate.Zip(curve.TrueAcceptanceRate, (accepted, right) => (100 * accepted, 100 * (1 - right)));
}
