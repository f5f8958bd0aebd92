using CrossModalVae.Metrics;
using ScottPlot;

namespace CrossModalVae.Pictures;

/// <summary>
/// A reliability table as a curve: how often predictions of a probability come true. Calibrated ones lie on the diagonal. A row of few
/// trials says little: it is pale, and no line leads to it.
/// </summary>
public static class ReliabilityPicture
{
    private const double LargestRadius = 9;
    private const double SmallestRadius = 2.5;

    /// <summary>Draws a table.</summary>
    /// <param name="bins">Its rows, at least one, those without trials left out, in ascending order of the prediction.</param>
    /// <param name="options">Size and title; null for the default, 760 x 520.</param>
    /// <exception cref="ArgumentException">There is no row, a share lies outside 0 to 1, predictions fall, a row has no trial, or an option
    /// is out of range.</exception>
    public static Picture Draw(IReadOnlyList<ReliabilityBin> bins, PictureOptions? options = null)
    {
        options = PictureOptions.Checked(options);
        Check(bins);

        long total = bins.Sum(bin => bin.Count);
        bool anyFew = bins.Any(IsFew);
        using var chart = new Chart(
            options,
            (760, 520),
            "Reliability",
            new Axis("predicted probability (%)", 0, 100),
            new Axis("came true (%)", 0, 100));
        chart.Legend.Line("observed", Palette.Line(0), Invariant($"{total} trials"), MarkerShape.FilledCircle);
        if (anyFew)
        {
            chart.Legend.Mark($"fewer than {ReliabilityTable.FewTrials}", MarkerShape.FilledCircle, MarkLook.Pale);
        }

        chart.Legend.Line("calibrated", Palette.Chance);
        chart.Legend.Mark("area: trials", MarkerShape.FilledCircle, new MarkLook(Palette.White));
        Panel panel = chart.Panel;
        panel.Curve([(0, 0), (100, 100)], Palette.Chance, "calibrated");
        foreach (ReliabilityBin[] run in Runs(bins))
        {
            panel.Curve(run.Select(bin => (100 * bin.Predicted, 100 * bin.Observed)), Palette.Line(0), "curve");
        }

        foreach (ReliabilityBin bin in bins)
        {
            if (bin is { Low: double low, High: double high })
            {
                double x = 100 * bin.Predicted;
                Color colour = IsFew(bin) ? Palette.Pale : Palette.Blue;
                panel.Curve([(x, 100 * low), (x, 100 * high)], Palette.Stroke(colour, 1.2), "interval");
            }
        }

        long most = bins.Max(bin => bin.Count);
        panel.Marks(bins.Select(bin => (100 * bin.Predicted, 100 * bin.Observed, Mark(bin, (double)bin.Count / most))));
        return chart.Paint();
    }

    private static bool IsFew(ReliabilityBin bin) => bin.Count < ReliabilityTable.FewTrials;

    // The stretches of rows without one of few trials between them.
    private static IEnumerable<ReliabilityBin[]> Runs(IReadOnlyList<ReliabilityBin> bins)
    {
        var run = new List<ReliabilityBin>();
        foreach (ReliabilityBin bin in bins)
        {
            if (IsFew(bin))
            {
                yield return [.. run];
                run.Clear();
            }
            else
            {
                run.Add(bin);
            }
        }

        yield return [.. run];
    }

    private static MarkerStyle Mark(ReliabilityBin bin, double share) =>
        (IsFew(bin) ? MarkLook.Pale : new MarkLook(Palette.Blue))
            .Style(MarkerShape.FilledCircle, Math.Max(SmallestRadius, LargestRadius * Math.Sqrt(share)));

    private static void Check(IReadOnlyList<ReliabilityBin> bins)
    {
        const string Name = nameof(bins);
        DataCheck.Any(bins, Name);
        DataCheck.Share(bins.Select(bin => bin.Predicted), Name, nameof(ReliabilityBin.Predicted));
        DataCheck.Share(bins.Select(bin => bin.Observed), Name, nameof(ReliabilityBin.Observed));
        DataCheck.Share(bins.Select(bin => bin.Low ?? 0), Name, nameof(ReliabilityBin.Low));
        DataCheck.Share(bins.Select(bin => bin.High ?? 0), Name, nameof(ReliabilityBin.High));
        DataCheck.Ascending([.. bins.Select(bin => bin.Predicted)], Name, nameof(ReliabilityBin.Predicted));
        for (int i = 0; i < bins.Count; i++)
        {
            if (bins[i].Count < 1)
            {
                throw new ArgumentException($"'{Name}' has Count {bins[i].Count} at entry {i}; must be at least 1.", Name);
            }
        }
    }
}
