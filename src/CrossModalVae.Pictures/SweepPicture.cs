using ScottPlot;

namespace CrossModalVae.Pictures;

/// <summary>How the values of an option lie along an axis.</summary>
public enum SweepAxis
{
    /// <summary>Numbers, evenly.</summary>
    Linear,

    /// <summary>Numbers above 0, by their logarithm.</summary>
    Log,

    /// <summary>Words, one beside the other.</summary>
    Words,
}

/// <summary>An option of a sweep: a panel of <see cref="SweepPicture"/>.</summary>
/// <param name="Name">What its panel is called.</param>
/// <param name="Axis">How its values lie.</param>
/// <param name="Values">Its value in each trial: a number, or the place of its word.</param>
/// <param name="Words">The words in their order; empty for numbers.</param>
public sealed record SweepPanel(string Name, SweepAxis Axis, IReadOnlyList<double> Values, IReadOnlyList<string> Words);

/// <summary>A trial of a sweep.</summary>
/// <param name="Score">Its score, 0 to 1.</param>
/// <param name="StandardError">Of the score, drawn as a bar; null for none.</param>
/// <param name="IsWhole">Whether it was trained for all epochs, and not stopped before.</param>
public sealed record SweepMark(double Score, double? StandardError, bool IsWhole);

/// <summary>The trials of a sweep, their scores over the values of each option, a panel each; the best is marked in all of them.</summary>
public static class SweepPicture
{
    private const int LargestColumnCount = 4;
    private const double PanelWidth = 270;
    private const double PanelHeight = 230;
    private const double PanelTextSize = 0.88; // of the picture's
    private const double MarkRadius = 3.4;

    /// <summary>Draws a sweep.</summary>
    /// <param name="panels">The options, at least one.</param>
    /// <param name="marks">The trials that have a score, at least one.</param>
    /// <param name="best">The place of the best among them; null for none.</param>
    /// <param name="options">Size and title; null for the default, 270 x 230 a panel.</param>
    /// <exception cref="ArgumentException">There is nothing to draw, a number is not finite, on a logarithmic axis not above 0, or an
    /// option has not as many values as there are trials.</exception>
    public static Picture Draw(
        IReadOnlyList<SweepPanel> panels, IReadOnlyList<SweepMark> marks, int? best = null, PictureOptions? options = null)
    {
        options = PictureOptions.Checked(options);
        DataCheck.Any(panels, nameof(panels));
        DataCheck.Any(marks, nameof(marks));
        DataCheck.Share(marks.Select(mark => mark.Score), nameof(marks), nameof(SweepMark.Score));
        foreach (SweepPanel panel in panels)
        {
            Check(panel, marks.Count);
        }

        int columns = panels.Count == 4 ? 2 : Math.Min(LargestColumnCount, panels.Count);
        int rows = (panels.Count + columns - 1) / columns;
        double outer = options.Width ?? Math.Max(2, columns) * PanelWidth;
        var subtitle = new Subtitle(options.Subtitle, options.FontSize, outer - (2 * options.FontSize));
        double head = (3.4 * options.FontSize) + subtitle.Height;
        using var sheet = new Sheet(outer, options.Height ?? (rows * PanelHeight) + head);
        (double width, double height) = (sheet.Width / columns, (sheet.Height - head) / rows);
        Axis y = Axis.Covering("score", marks.SelectMany(mark => new[] { mark.Score - Error(mark), mark.Score + Error(mark) }));
        var drawn = new Panel[panels.Count];
        for (int i = 0; i < panels.Count; i++)
        {
            (double left, double top) = (i % columns * width, head + (i / columns * height));
            var box = new PixelRect((float)left, (float)(left + width), (float)(top + height), (float)top);
            drawn[i] = new Panel(
                box, XAxis(panels[i]), y with { Label = i % columns == 0 ? y.Label : "" }, PanelTextSize * options.FontSize,
                sheet.Text(panels[i].Name));
            Fill(drawn[i], panels[i], marks, best);
            drawn[i].Render(sheet.Canvas);
        }

        HeadLegend.Draw(sheet, drawn[0].Plot, options, "Sweep", subtitle, Items(marks, best));
        return sheet.Finish(drawn);
    }

    private static double Error(SweepMark mark) => mark.StandardError ?? 0.0;

    private static void Check(SweepPanel panel, int count)
    {
        DataCheck.Finite(panel.Values, panel.Name, nameof(SweepPanel.Values));
        if (panel.Values.Count != count)
        {
            throw new ArgumentException($"'{panel.Name}' has {panel.Values.Count} values; must have {count}, one a trial.", panel.Name);
        }

        if (panel.Axis == SweepAxis.Log && panel.Values.FirstOrDefault(value => value <= 0, 1) is <= 0 and double low)
        {
            throw new ArgumentException(Invariant($"'{panel.Name}' has {low} on a logarithmic axis; must be above 0."), panel.Name);
        }
    }

    private static Axis XAxis(SweepPanel panel) => panel.Axis switch
    {
        SweepAxis.Words => new Axis("", -0.5, panel.Words.Count - 0.5) { Names = panel.Words },
        SweepAxis.Log => Axis.CoveringLog("", panel.Values),
        _ => Axis.Covering("", panel.Values),
    };

    // Stopped ones first, so that they cover nothing; the best last.
    private static void Fill(Panel panel, SweepPanel option, IReadOnlyList<SweepMark> marks, int? best)
    {
        foreach ((int index, SweepMark mark) in marks.Index().Where(mark => mark.Item.StandardError > 0))
        {
            double x = option.Values[index];
            LineStyle line = Palette.Stroke(Look(mark, index == best).Fill, 1.2);
            panel.Curve([(x, mark.Score - Error(mark)), (x, mark.Score + Error(mark))], line, "error");
        }

        panel.Marks(marks.Index().OrderBy(mark => mark.Item.IsWhole).ThenBy(mark => mark.Index == best)
            .Select(mark => (option.Values[mark.Index], mark.Item.Score, Style(mark.Item, mark.Index == best))));
    }

    private static MarkLook Look(SweepMark mark, bool isBest) =>
        isBest ? new MarkLook(Palette.Vermillion) : mark.IsWhole ? new MarkLook(Palette.Blue) : MarkLook.Pale;

    private static MarkerStyle Style(SweepMark mark, bool isBest) =>
        Look(mark, isBest).Style(isBest ? MarkerShape.FilledDiamond : MarkerShape.FilledCircle, isBest ? 1.4 * MarkRadius : MarkRadius);

    private static IEnumerable<(string, LineStyle, MarkerStyle)> Items(IReadOnlyList<SweepMark> marks, int? best)
    {
        var whole = new SweepMark(0, null, IsWhole: true);
        yield return ("trained for all epochs", LineStyle.None, Style(whole, isBest: false));
        if (marks.Any(mark => !mark.IsWhole))
        {
            yield return ("stopped before", LineStyle.None, Style(whole with { IsWhole = false }, isBest: false));
        }

        if (best is not null)
        {
            yield return ("best", LineStyle.None, Style(whole, isBest: true));
        }
    }
}
