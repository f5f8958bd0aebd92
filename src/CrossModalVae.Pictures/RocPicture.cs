using System.Globalization;
using CrossModalVae.Metrics;
using CrossModalVae.Pictures.Drawing;

namespace CrossModalVae.Pictures;

/// <summary>Receiver operating characteristics beside chance, each with its equal error rate marked.</summary>
public static class RocPicture
{
    /// <summary>Draws curves.</summary>
    /// <param name="series">The curves, at least one, in the legend's order.</param>
    /// <param name="options">Size and title; null for the default, 780 x 540.</param>
    /// <exception cref="ArgumentException">There is no curve, or an option is out of range.</exception>
    public static Picture Draw(IReadOnlyList<RocSeries> series, PictureOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(series);
        options ??= new PictureOptions();
        options.Validate();
        DataCheck.Any(series, nameof(series));

        Chart chart = Chart.Draw(
            options,
            (780, 540),
            new Axis { Label = "false acceptances (% of other people's trials)", Low = 0, High = 100 },
            new Axis { Label = "true acceptances (% of the same person's trials)", Low = 0, High = 100 },
            Legend(series, options),
            "Receiver operating characteristic");
        chart.Plot.Curve([(0, 0), (100, 100)], LineStyle.Chance, "chance");
        chart.Plot.Curve([(0, 100), (100, 0)], new LineStyle(Colour.Faint, 1.5), "equal-errors");
        for (int i = 0; i < series.Count; i++)
        {
            RocCurve curve = series[i].Curve;
            chart.Plot.Curve(curve.FalseAcceptanceRate.Zip(curve.TrueAcceptanceRate, (x, y) => (100 * x, 100 * y)), Palette.Line(i), "curve");
        }

        for (int i = 0; i < series.Count; i++)
        {
            double rate = 100 * series[i].Curve.EqualErrorRate;
            chart.Scene.Mark(chart.Plot.Place(rate, 100 - rate), MarkShape.Circle, 4.5, new MarkStyle(Palette.Line(i).Colour, null), "eer");
        }

        return chart.Picture;
    }

    /// <summary>One entry a curve, with its figures; the marks, and chance.</summary>
    internal static Legend Legend(IReadOnlyList<RocSeries> series, PictureOptions options)
    {
        Legend legend = Chart.Legend(options);
        for (int i = 0; i < series.Count; i++)
        {
            RocCurve curve = series[i].Curve;
            legend.MarkedLine(
                series[i].Name,
                Palette.Line(i),
                MarkShape.Circle,
                string.Create(CultureInfo.InvariantCulture, $"AUC {100 * curve.AreaScore:0.0}%, EER {100 * curve.EqualErrorRate:0.0}%"));
        }

        legend.Line("chance", LineStyle.Chance, "AUC 50%, EER 50%");
        legend.Mark("equal error rate", MarkShape.Circle, new MarkStyle(Colour.White, null));
        return legend;
    }
}
