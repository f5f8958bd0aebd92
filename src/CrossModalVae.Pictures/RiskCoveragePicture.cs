namespace CrossModalVae.Pictures;

/// <summary>One confidence's risk-coverage curve, for <see cref="RiskCoveragePicture"/>.</summary>
/// <param name="Name">What the legend calls it.</param>
/// <param name="Points">Coverage and risk, each 0 to 1, coverage ascending, at least one.</param>
/// <param name="Area">The area under the curve, for the legend.</param>
public sealed record RiskCoverageSeries(string Name, IReadOnlyList<(double Coverage, double Risk)> Points, double Area);

/// <summary>The share of wrong answers over the share of answers given, the surest first, beside that of a random order.</summary>
public static class RiskCoveragePicture
{
    /// <summary>Draws curves.</summary>
    /// <param name="series">The curves, at least one, in the legend's order.</param>
    /// <param name="risk">The share of wrong answers of all, 0 to 1: the level of a random order.</param>
    /// <param name="options">Size and title; null for the default, 760 x 480.</param>
    /// <exception cref="ArgumentException">There is no curve, one has no point, a share lies outside 0 to 1, coverage falls, or an option
    /// is out of range.</exception>
    public static Picture Draw(IReadOnlyList<RiskCoverageSeries> series, double risk, PictureOptions? options = null)
    {
        options = PictureOptions.Checked(options);
        DataCheck.Any(series, nameof(series));
        DataCheck.Share([risk], nameof(risk), "value");
        foreach (RiskCoverageSeries one in series)
        {
            DataCheck.Any(one.Points, one.Name);
            DataCheck.Share(one.Points.Select(point => point.Coverage), one.Name, "coverage");
            DataCheck.Share(one.Points.Select(point => point.Risk), one.Name, "risk");
            DataCheck.Ascending([.. one.Points.Select(point => point.Coverage)], one.Name, "coverage");
        }

        using var chart = new Chart(
            options,
            (760, 480),
            "Risk and coverage",
            new Axis("answers given, the surest first (%)", 0, 100),
            Axis.Covering(
                "wrong answers (%)",
                [.. series.SelectMany(one => one.Points).Select(point => 100 * point.Risk), 100 * risk],
                fromZero: true));
        for (int i = 0; i < series.Count; i++)
        {
            chart.Legend.Line(series[i].Name, Palette.Line(i), Invariant($"AURC {100 * series[i].Area:0.0}%"));
        }

        chart.Legend.Line("random", Palette.Chance, Invariant($"AURC {100 * risk:0.0}%"));
        Panel panel = chart.Panel;
        panel.Curve([(0, 100 * risk), (100, 100 * risk)], Palette.Chance, "random");
        for (int i = 0; i < series.Count; i++)
        {
            panel.Curve(series[i].Points.Select(point => (100 * point.Coverage, 100 * point.Risk)), Palette.Line(i), "curve");
        }

        return chart.Paint();
    }
}
