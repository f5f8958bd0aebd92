using System.Globalization;
using CrossModalVae.Pictures.Drawing;

namespace CrossModalVae.Pictures;

/// <summary>The terms of a training's loss over its epochs, a panel each, training and validation in one: the report's Figure 2.</summary>
public static class LossPicture
{
    private const int LargestColumnCount = 4;
    private const double PanelWidth = 270;
    private const double PanelHeight = 210;

    // With more epochs a dot for each would only thicken the line.
    private const int LargestDottedCount = 40;

    private static readonly LineStyle Train = new(Palette.Blue, 2);
    private static readonly LineStyle Validation = new(Palette.Vermillion, 2, [6, 3]);
    private static readonly LineStyle Kept = new(Colour.Grey, 1, [2, 3]);

    /// <summary>Draws curves.</summary>
    /// <param name="curves">The panels, at least one, row by row.</param>
    /// <param name="keptEpoch">The one-based epoch whose weights were kept, marked in every panel; null for none.</param>
    /// <param name="options">Size and title; null for the default, 270 x 210 a panel.</param>
    /// <exception cref="ArgumentException">There is no curve, one has no value at all or one that is not finite, or an option is out of range.</exception>
    public static Picture Draw(IReadOnlyList<LossCurve> curves, int? keptEpoch = null, PictureOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(curves);
        options ??= new PictureOptions();
        options.Validate();
        DataCheck.Any(curves, nameof(curves));
        foreach (LossCurve curve in curves)
        {
            DataCheck.Any([.. Values(curve)], curve.Name);
            DataCheck.Finite(curve.Train.Select(value => value ?? 0), curve.Name, nameof(LossCurve.Train));
            DataCheck.Finite(curve.Validation.Select(value => value ?? 0), curve.Name, nameof(LossCurve.Validation));
        }

        int columns = curves.Count == 4 ? 2 : Math.Min(LargestColumnCount, curves.Count);
        int rows = (curves.Count + columns - 1) / columns;
        double head = 3.4 * options.FontSize;
        var scene = new Scene(options.Width ?? Math.Max(2, columns) * PanelWidth, options.Height ?? (rows * PanelHeight) + head);
        double width = scene.Width / columns;
        double height = (scene.Height - head) / rows;
        string title = options.Title ?? "Training";
        scene.Text(scene.Width / 2, 1.4 * options.FontSize, title, options.FontSize, TextAnchor.Middle, bold: true, kind: "title");
        DrawLegend(scene, keptEpoch, 2.6 * options.FontSize, 0.92 * options.FontSize);
        for (int i = 0; i < curves.Count; i++)
        {
            double left = i % columns * width;
            double top = head + (i / columns * height);
            DrawPanel(scene, new PixelBox(left, top, left + width, top + height), curves[i], keptEpoch, 0.88 * options.FontSize, i / columns == rows - 1 || i + columns >= curves.Count);
        }

        return new Picture(scene);
    }

    private static IEnumerable<double> Values(LossCurve curve) => curve.Train.Concat(curve.Validation).OfType<double>();

    private static void DrawPanel(Scene scene, PixelBox box, LossCurve curve, int? keptEpoch, double fontSize, bool lowest)
    {
        int epochs = Math.Max(curve.Train.Count, curve.Validation.Count);
        Axis x = Axis.Around(lowest ? "epoch" : "", [1, epochs]) with { Whole = true };
        var plot = new Plot(scene, box, x, Axis.Around("", Values(curve)), fontSize, curve.Name);
        if (keptEpoch is int kept)
        {
            plot.Curve([(kept, plot.Y.Low), (kept, plot.Y.High)], Kept, "kept");
        }

        DrawCurve(scene, plot, curve.Train, Train, MarkShape.Circle, "train");
        DrawCurve(scene, plot, curve.Validation, Validation, MarkShape.Triangle, "validation");
    }

    private static void DrawCurve(Scene scene, Plot plot, IReadOnlyList<double?> values, LineStyle style, MarkShape shape, string kind)
    {
        (double X, double Y)[] points = [.. Enumerable.Range(0, values.Count).Where(i => values[i] is not null).Select(i => (i + 1.0, values[i]!.Value))];
        plot.Curve(points, style, kind);
        if (values.Count <= LargestDottedCount)
        {
            foreach ((double x, double y) in points)
            {
                scene.Mark(plot.Place(x, y), shape, 2.6, new MarkStyle(style.Colour, null), kind + "-mark");
            }
        }
    }

    private static void DrawLegend(Scene scene, int? keptEpoch, double middle, double size)
    {
        var entries = new List<(string Text, LineStyle Style, MarkShape? Shape)> { ("training", Train, MarkShape.Circle), ("validation", Validation, MarkShape.Triangle) };
        if (keptEpoch is int kept)
        {
            entries.Add((string.Create(CultureInfo.InvariantCulture, $"kept epoch {kept}"), Kept, null));
        }

        const double Swatch = 2.4;
        const double Gap = 2;
        double width = entries.Sum(entry => (StrokeFont.Width(entry.Text, size) * 1.15) + ((Swatch + Gap) * size));
        double left = (scene.Width - width) / 2;
        foreach ((string text, LineStyle style, MarkShape? shape) in entries)
        {
            scene.Line(new(left, middle), new(left + (1.8 * size), middle), style, "legend-line");
            if (shape is MarkShape mark)
            {
                scene.Mark(new(left + (0.9 * size), middle), mark, 2.6, new MarkStyle(style.Colour, null), "legend-mark");
            }

            scene.Text(left + (Swatch * size), middle + (StrokeFont.Middle * size), text, size, kind: "legend");
            left += (StrokeFont.Width(text, size) * 1.15) + ((Swatch + Gap) * size);
        }
    }
}
