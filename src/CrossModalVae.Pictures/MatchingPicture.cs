using ScottPlot;

namespace CrossModalVae.Pictures;

/// <summary>One system's or one direction's 1:N matching, for <see cref="MatchingPicture"/>.</summary>
/// <param name="Name">What the legend calls it.</param>
/// <param name="Points">Its points, N ascending, at least one.</param>
public sealed record MatchingSeries(string Name, IReadOnlyList<MatchingPoint> Points);

/// <summary>One point of a 1:N matching curve.</summary>
/// <param name="Count">N, how many there were to choose from, at least 1.</param>
/// <param name="Accuracy">Share of trials in which the right one scored highest, 0 to 1.</param>
/// <param name="Low">Lower end of its interval, or null.</param>
/// <param name="High">Upper end of its interval, or null.</param>
public readonly record struct MatchingPoint(int Count, double Accuracy, double? Low = null, double? High = null);

/// <summary>Matching accuracy over the number of candidates N, beside chance, 1/N; intervals as bands.</summary>
public static class MatchingPicture
{
    private const double BandOpacity = 0.18;

    /// <summary>Draws curves.</summary>
    /// <param name="series">The curves, at least one, in the legend's order.</param>
    /// <param name="options">Size and title; null for the default, 760 x 480.</param>
    /// <exception cref="ArgumentException">There is no curve, one has no point, falling N or a share outside 0 to 1, or an option is out of
    /// range.</exception>
    public static Picture Draw(IReadOnlyList<MatchingSeries> series, PictureOptions? options = null)
    {
        options = PictureOptions.Checked(options);
        DataCheck.Any(series, nameof(series));
        foreach (MatchingSeries one in series)
        {
            Check(one);
        }

        int first = series.Min(one => one.Points[0].Count);
        int largest = series.Max(one => one.Points[^1].Count);
        using var chart = new Chart(
            options,
            (760, 480),
            "1:N matching",
            Axis.Covering("N, candidates", [first, largest]) with { Whole = true },
            new Axis("matching accuracy (%)", 0, 100));
        FillLegend(chart.Legend, series, largest);
        Panel panel = chart.Panel;
        panel.Curve(Enumerable.Range(first, largest - first + 1).Select(n => ((double)n, 100.0 / n)), Palette.Chance, "chance");
        for (int i = 0; i < series.Count; i++)
        {
            DrawBand(panel, series[i].Points, Palette.Line(i).Color);
        }

        for (int i = 0; i < series.Count; i++)
        {
            LineStyle line = Palette.Line(i);
            MarkerStyle mark = new MarkLook(line.Color).Style(MarkerShape.FilledCircle, 3.5);
            panel.Curve(series[i].Points.Select(point => ((double)point.Count, 100 * point.Accuracy)), line, "curve");
            panel.Marks(series[i].Points.Select(point => ((double)point.Count, 100 * point.Accuracy, mark)));
        }

        return chart.Paint();
    }

    private static void FillLegend(SideLegend legend, IReadOnlyList<MatchingSeries> series, int largest)
    {
        for (int i = 0; i < series.Count; i++)
        {
            MatchingPoint last = series[i].Points[^1];
            string detail = Invariant($"1:{last.Count} {100 * last.Accuracy:0.0}%");
            legend.Line(series[i].Name, Palette.Line(i), detail, MarkerShape.FilledCircle);
        }

        legend.Line("chance", Palette.Chance, Invariant($"1:{largest} {100.0 / largest:0.0}%"));
    }

    private static void DrawBand(Panel panel, IReadOnlyList<MatchingPoint> points, Color colour)
    {
        MatchingPoint[] known = [.. points.Where(point => point is { Low: not null, High: not null })];
        if (known.Length > 1)
        {
            panel.Area(
                [
                    .. known.Select(point => ((double)point.Count, 100 * point.High!.Value)),
                    .. known.Reverse().Select(point => ((double)point.Count, 100 * point.Low!.Value)),
                ],
                colour.WithOpacity(BandOpacity));
        }
    }

    private static void Check(MatchingSeries series)
    {
        string name = series.Name;
        DataCheck.Any(series.Points, name);
        DataCheck.Share(series.Points.Select(point => point.Accuracy), name, nameof(MatchingPoint.Accuracy));
        DataCheck.Share(series.Points.Select(point => point.Low ?? 0), name, nameof(MatchingPoint.Low));
        DataCheck.Share(series.Points.Select(point => point.High ?? 0), name, nameof(MatchingPoint.High));
        for (int i = 0; i < series.Points.Count; i++)
        {
            int least = i == 0 ? 1 : series.Points[i - 1].Count + 1;
            if (series.Points[i].Count < least)
            {
                string found = $"'{name}' has Count {series.Points[i].Count} at entry {i}";
                throw new ArgumentException($"{found}; must be at least {least}: N ascends from 1 on.", nameof(series));
            }
        }
    }
}
