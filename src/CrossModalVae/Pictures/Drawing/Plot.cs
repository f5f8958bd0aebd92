namespace CrossModalVae.Pictures.Drawing;

/// <summary>A frame with two axes inside a box of a scene. Title, ticks, labels and grid are drawn at once; data go on top.</summary>
internal sealed class Plot
{
    private const double TickLength = 4;
    private const double SmallestSide = 40;

    // A curve's points closer than this to the last one drawn are left out: nobody sees them, and a curve may have millions.
    private const double VisibleStep = 0.25;

    // What separates two labels along an axis, as shares of the text's size.
    private const double GapAcross = 0.9;
    private const double GapUpwards = 1.5;

    private readonly Scene _scene;

    /// <summary>Draws the empty plot.</summary>
    /// <param name="scene">What it is part of.</param>
    /// <param name="box">What it may fill, title and labels included.</param>
    /// <param name="x">The axis below.</param>
    /// <param name="y">The axis at the left.</param>
    /// <param name="fontSize">Of labels; ticks are a little smaller.</param>
    /// <param name="title">Above the frame; empty for none.</param>
    /// <param name="equalUnits">Whether a unit of both axes has the same length; the range of one of them then grows.</param>
    public Plot(Scene scene, PixelBox box, Axis x, Axis y, double fontSize, string title = "", bool equalUnits = false)
    {
        _scene = scene;
        (X, Y) = (x, y);
        double small = fontSize * 0.9;
        Inner = Frame(box, fontSize, small, title);
        if (equalUnits)
        {
            Axes(Equal(x, y, Inner));
            Inner = Frame(box, fontSize, small, title);
            Axes(Equal(x, y, Inner));
        }

        if (Inner.Width < SmallestSide || Inner.Height < SmallestSide)
        {
            throw new ArgumentException(
                FormattableString.Invariant(
                    $"The picture leaves {Math.Max(0, Inner.Width):0} x {Math.Max(0, Inner.Height):0} pixels for its data; ")
                + FormattableString.Invariant($"must be at least {SmallestSide} x {SmallestSide}: ")
                + "choose a larger Width or Height, or a smaller FontSize.");
        }

        Draw(box, fontSize, small, title);
    }

    public Axis X { get; private set; }

    public Axis Y { get; private set; }

    /// <summary>The frame that the data lie in.</summary>
    public PixelBox Inner { get; }

    /// <summary>Where a pair of values lies.</summary>
    public PixelPoint Place(double x, double y) => new(Inner.Left + (X.Share(x) * Inner.Width), Inner.Bottom - (Y.Share(y) * Inner.Height));

    /// <summary>A line through values.</summary>
    public void Curve(IEnumerable<(double X, double Y)> values, LineStyle style, string? kind = null)
    {
        var points = new List<PixelPoint>();
        PixelPoint last = default;
        foreach ((double x, double y) in values)
        {
            last = Place(x, y);
            if (points.Count == 0 || Math.Abs(last.X - points[^1].X) + Math.Abs(last.Y - points[^1].Y) >= VisibleStep)
            {
                points.Add(last);
            }
        }

        if (points.Count > 0 && points[^1] != last)
        {
            points.Add(last);
        }

        if (points.Count > 1)
        {
            _scene.Add(new StrokeItem(points, style, kind));
        }
    }

    private void Axes((Axis X, Axis Y) axes) => (X, Y) = axes;

    private static double AcrossExtent(string text, double size) => StrokeFont.Width(text, size) + (GapAcross * size);

    private PixelBox Frame(PixelBox box, double fontSize, double small, string title)
    {
        double top = box.Top + (title.Length == 0 ? small : 2.2 * fontSize);
        double bottom = box.Bottom - TickLength - (1.7 * small) - (X.Label.Length == 0 ? 0 : 1.6 * fontSize);
        double widest = Y.Ticks(Math.Max(1, bottom - top), _ => GapUpwards * small).Select(tick => StrokeFont.Width(tick.Text, small)).DefaultIfEmpty(0).Max();
        double left = box.Left + TickLength + (0.7 * small) + (1.1 * widest) + (Y.Label.Length == 0 ? 0 : 1.6 * fontSize);
        return new PixelBox(Math.Round(left) + 0.5, Math.Round(top) + 0.5, Math.Round(box.Right - small) + 0.5, Math.Round(bottom) + 0.5);
    }

    private static (Axis X, Axis Y) Equal(Axis x, Axis y, PixelBox inner)
    {
        double unit = Math.Max((x.High - x.Low) / inner.Width, (y.High - y.Low) / inner.Height);
        return (Widened(x, unit * inner.Width), Widened(y, unit * inner.Height));

        static Axis Widened(Axis axis, double range)
        {
            double middle = (axis.Low + axis.High) / 2;
            return axis with { Low = middle - (range / 2), High = middle + (range / 2) };
        }
    }

    private void Draw(PixelBox box, double fontSize, double small, string title)
    {
        var grid = new LineStyle(Colour.Faint, 1);
        var ink = new LineStyle(Colour.Ink, 1);
        foreach (AxisTick tick in X.Ticks(Inner.Width, text => AcrossExtent(text, small)))
        {
            double x = Crisp(Inner.Left + (X.Share(tick.Value) * Inner.Width));
            _scene.Line(new(x, Inner.Top), new(x, Inner.Bottom), grid);
            _scene.Line(new(x, Inner.Bottom), new(x, Inner.Bottom + TickLength), ink);
            _scene.Text(x, Inner.Bottom + TickLength + (1.15 * small), tick.Text, small, TextAnchor.Middle, kind: "x-tick");
        }

        foreach (AxisTick tick in Y.Ticks(Inner.Height, _ => GapUpwards * small))
        {
            double y = Crisp(Inner.Bottom - (Y.Share(tick.Value) * Inner.Height));
            _scene.Line(new(Inner.Left, y), new(Inner.Right, y), grid);
            _scene.Line(new(Inner.Left - TickLength, y), new(Inner.Left, y), ink);
            _scene.Text(Inner.Left - TickLength - (0.4 * small), y + (StrokeFont.Middle * small), tick.Text, small, TextAnchor.End, kind: "y-tick");
        }

        _scene.Add(new StrokeItem([.. Inner.Corners, Inner.Corners[0]], ink, "frame"));
        if (X.Label.Length > 0)
        {
            _scene.Text((Inner.Left + Inner.Right) / 2, box.Bottom - (0.5 * fontSize), X.Label, fontSize, TextAnchor.Middle, kind: "x-label");
        }

        if (Y.Label.Length > 0)
        {
            _scene.Text(box.Left + fontSize, (Inner.Top + Inner.Bottom) / 2, Y.Label, fontSize, TextAnchor.Middle, upwards: true, kind: "y-label");
        }

        if (title.Length > 0)
        {
            _scene.Text((Inner.Left + Inner.Right) / 2, box.Top + (1.4 * fontSize), title, fontSize, TextAnchor.Middle, bold: true, kind: "title");
        }
    }

    // In the middle of a pixel, so that a line of one pixel is sharp.
    private static double Crisp(double value) => Math.Floor(value) + 0.5;
}
