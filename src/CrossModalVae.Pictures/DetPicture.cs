using CrossModalVae.Metrics;

namespace CrossModalVae.Pictures;

/// <summary>
/// Detection error tradeoff: false rejections against false acceptances, both on the scale of the normal distribution's quantiles
/// (Martin et al. 1997), where the curve of normally distributed scores is a straight line. Lower is better.
/// </summary>
public static class DetPicture
{
    // Of both axes: NIST's end for good systems, and what shows where the curve of a poor one crosses the diagonal.
    private static readonly double[] Ends = [60, 70, 80, 90, 95];
    private const double BeyondEqualErrors = 30;

    private static readonly double[] Starts = [10, 5, 2, 1, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01];

    private const double LongStep = 0.5; // percent, of both rates

    // Where a long step is divided: finer towards its ends, as the axes are.
    private static readonly double[] StepShares = [.. Enumerable.Range(-40, 81).Select(i => 1 / (1 + Math.Exp(-i / 4.0)))];

    /// <summary>Draws curves.</summary>
    /// <param name="series">The curves, at least one, in the legend's order. The axes begin where the first of them
    /// enters; rates beyond their ends, 0 and 1 among them, are not drawn.</param>
    /// <param name="options">Size and title; null for the default, 780 x 540.</param>
    /// <exception cref="ArgumentException">There is no curve, or an option is out of range.</exception>
    public static Picture Draw(IReadOnlyList<RocSeries> series, PictureOptions? options = null)
    {
        options = PictureOptions.Checked(options);
        DataCheck.Any(series, nameof(series));

        // From where the first curve enters, rates are in percent.
        double worst = series.Max(one => 100 * one.EqualErrorRate);
        double high = Ends.FirstOrDefault(end => end >= worst + BeyondEqualErrors, Ends[^1]);
        double least = series.SelectMany(one => Rates(one.Curve)).Where(rates => rates.X > 0 && rates.X <= high)
            .Where(rates => rates.Y > 0 && rates.Y <= high).Select(rates => Math.Min(rates.X, rates.Y)).DefaultIfEmpty(Starts[0]).Min();
        double low = Starts.FirstOrDefault(start => start <= least, Starts[^1]);
        using var chart = new Chart(
            options,
            (780, 540),
            "Detection error tradeoff",
            new Axis("false acceptances (% of non-target trials)", low, high) { Probit = true },
            new Axis("false rejections (% of target trials)", low, high) { Probit = true });
        RocPicture.FillLegend(chart.Legend, series);
        Panel panel = chart.Panel;
        double other = Math.Max(low, 100 - high);
        panel.Curve([(other, 100 - other), (100 - other, other)], Palette.Chance, "chance");
        panel.Curve([(low, low), (high, high)], Palette.Stroke(Palette.Faint, 1.5), "equal errors");
        for (int i = 0; i < series.Count; i++)
        {
            RocPicture.DrawBand(panel, series[i], Palette.Line(i), high, highIsUp: false, low);
        }

        for (int i = 0; i < series.Count; i++)
        {
            panel.Curve(Dense(Rates(series[i].Curve)).Where(rates => Within(rates.X) && Within(rates.Y)), Palette.Line(i), "curve");
        }

        panel.Marks(RocPicture.EqualErrorMarks(series).Where(mark => Within(mark.Rate)).Select(mark => (mark.Rate, mark.Rate, mark.Style)));
        return chart.Paint();

        bool Within(double rate) => rate >= low && rate <= high;
    }

    // Many trials of one score make one long step, straight between rates and so curved on these axes: the gender oracle has no other.
    private static IEnumerable<(double X, double Y)> Dense(IEnumerable<(double X, double Y)> rates)
    {
        (double X, double Y)? before = null;
        foreach ((double x, double y) in rates)
        {
            if (before is (double fromX, double fromY) && Math.Abs(x - fromX) > LongStep && Math.Abs(y - fromY) > LongStep)
            {
                foreach (double share in StepShares)
                {
                    yield return (fromX + (share * (x - fromX)), fromY + (share * (y - fromY)));
                }
            }

            before = (x, y);
            yield return (x, y);
        }
    }

    private static IEnumerable<(double X, double Y)> Rates(RocCurve curve) =>
        curve.FalseAcceptanceRate.Zip(curve.TrueAcceptanceRate, (accepted, right) => (100 * accepted, 100 * (1 - right)));
}
