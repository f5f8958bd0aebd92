using ScottPlot;

namespace CrossModalVae.Pictures;

/// <summary>One term of a loss, or another metric, over the epochs of a training, for <see cref="LossPicture"/>.</summary>
/// <param name="Name">What its panel is called.</param>
/// <param name="Train">Its value in every epoch on the training clips; null where there is none.</param>
/// <param name="Validation">Its value after every epoch on the validation clips; null where there is none.</param>
public sealed record LossCurve(string Name, IReadOnlyList<double?> Train, IReadOnlyList<double?> Validation);

/// <summary>The terms of a training's loss over its epochs, a panel each, training and validation in one: the report's Figure 2.</summary>
public static class LossPicture
{
    private const int LargestColumnCount = 4;
    private const double PanelWidth = 270;
    private const double PanelHeight = 210;

    // With more epochs, dots would hide the line.
    private const int LargestDottedCount = 40;

    private const double PanelTextSize = 0.88; // of the picture's
    private const double MarkRadius = 2.6;

    private static LineStyle Train => Palette.Stroke(Palette.Blue, 2);

    private static LineStyle Validation => Palette.Stroke(Palette.Vermillion, 2, 6, 3);

    private static LineStyle Kept => Palette.Stroke(Palette.Grey, 1, 2, 3);

    /// <summary>Draws curves.</summary>
    /// <param name="curves">The panels, at least one, row by row.</param>
    /// <param name="keptEpoch">The one-based epoch whose weights were kept, marked in every panel; null for none.</param>
    /// <param name="options">Size and title; null for the default, 270 x 210 a panel.</param>
    /// <exception cref="ArgumentException">There is no curve, one has no value at all or one that is not finite, or an option is out
    /// of range.</exception>
    public static Picture Draw(IReadOnlyList<LossCurve> curves, int? keptEpoch = null, PictureOptions? options = null)
    {
        options = PictureOptions.Checked(options);
        DataCheck.Any(curves, nameof(curves));
        foreach (LossCurve curve in curves)
        {
            DataCheck.Any([.. Values(curve)], curve.Name);
            DataCheck.Finite(curve.Train.Select(value => value ?? 0), curve.Name, nameof(LossCurve.Train));
            DataCheck.Finite(curve.Validation.Select(value => value ?? 0), curve.Name, nameof(LossCurve.Validation));
        }

        int columns = curves.Count == 4 ? 2 : Math.Min(LargestColumnCount, curves.Count);
        int rows = (curves.Count + columns - 1) / columns;
        double outer = options.Width ?? Math.Max(2, columns) * PanelWidth;
        var subtitle = new Subtitle(options.Subtitle, options.FontSize, outer - (2 * options.FontSize));
        double head = (3.4 * options.FontSize) + subtitle.Height;
        using var sheet = new Sheet(outer, options.Height ?? (rows * PanelHeight) + head);
        double width = sheet.Width / columns;
        double height = (sheet.Height - head) / rows;
        var panels = new Panel[curves.Count];
        for (int i = 0; i < curves.Count; i++)
        {
            double left = i % columns * width;
            double top = head + (i / columns * height);
            var box = new PixelRect((float)left, (float)(left + width), (float)(top + height), (float)top);
            bool lowest = i + columns >= curves.Count;
            panels[i] = MakePanel(box, curves[i], sheet.Text(curves[i].Name), keptEpoch, PanelTextSize * options.FontSize, lowest);
            panels[i].Render(sheet.Canvas);
        }

        HeadLegend.Draw(sheet, panels[0].Plot, options, "Training", subtitle, Items(keptEpoch));
        return sheet.Finish(panels);
    }

    private static IEnumerable<double> Values(LossCurve curve) => curve.Train.Concat(curve.Validation).OfType<double>();

    private static Panel MakePanel(PixelRect box, LossCurve curve, string title, int? keptEpoch, double fontSize, bool lowest)
    {
        Axis x = Axis.Covering(lowest ? "epoch" : "", [1, Math.Max(curve.Train.Count, curve.Validation.Count)]) with { Whole = true };
        Axis y = Axis.Covering("", Values(curve));
        var panel = new Panel(box, x, y, fontSize, title);
        if (keptEpoch is int kept)
        {
            panel.Curve([(kept, y.Low), (kept, y.High)], Kept, "kept");
        }

        AddCurve(panel, curve.Train, Train, MarkerShape.FilledCircle, "train");
        AddCurve(panel, curve.Validation, Validation, MarkerShape.FilledTriangleUp, "validation");
        return panel;
    }

    private static void AddCurve(Panel panel, IReadOnlyList<double?> values, LineStyle style, MarkerShape shape, string name)
    {
        (double X, double Y)[] points =
        [
            .. Enumerable.Range(0, values.Count).Where(i => values[i] is not null).Select(i => (i + 1.0, values[i]!.Value)),
        ];
        panel.Curve(points, style, name);
        if (values.Count <= LargestDottedCount)
        {
            MarkerStyle mark = new MarkLook(style.Color).Style(shape, MarkRadius);
            panel.Marks(points.Select(point => (point.X, point.Y, mark)));
        }
    }

    private static IEnumerable<(string Text, LineStyle Line, MarkerStyle Mark)> Items(int? keptEpoch)
    {
        yield return ("training", Train, Mark(Train, MarkerShape.FilledCircle));
        yield return ("validation", Validation, Mark(Validation, MarkerShape.FilledTriangleUp));
        if (keptEpoch is int kept)
        {
            yield return (Invariant($"kept epoch {kept}"), Kept, MarkerStyle.None);
        }

        static MarkerStyle Mark(LineStyle line, MarkerShape shape) => new MarkLook(line.Color).Style(shape, MarkRadius);
    }
}
