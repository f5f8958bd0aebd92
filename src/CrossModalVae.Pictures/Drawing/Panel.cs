using ScottPlot;
using ScottPlot.AxisPanels;
using ScottPlot.AxisRules;
using ScottPlot.LayoutEngines;
using ScottPlot.Panels;
using ScottPlot.Rendering.RenderActions;
using SkiaSharp;

namespace CrossModalVae.Pictures.Drawing;

/// <summary>
/// A ScottPlot plot in the style of every picture: title, grid, frame, ticks and labels in the embedded font, the data on top of them.
/// </summary>
internal sealed class Panel
{
    private const double TickTextSize = 0.9; // of the labels'
    private const float TickLength = 4;

    // What ScottPlot leaves between a tick and its label.
    private const double TickGap = 2;
    private const double UprightTickGap = 5;

    // A curve's points closer than this to the last one drawn, in pixels, are left out: they would not be seen, and there may be millions.
    private const double VisibleStep = 0.25;

    private readonly Axis _x;
    private readonly Axis _y;
    private readonly PixelRect _box;
    private PixelRect? _frame;

    /// <summary>
    /// A plot in a box that holds title and labels too; an empty title is left out. With equal units, a unit of both axes has the same
    /// length, and the range of one of them grows.
    /// </summary>
    public Panel(PixelRect box, Axis x, Axis y, double fontSize, string title, bool equalUnits = false, double roomBelowTitle = 0)
    {
        (_x, _y, _box) = (x, y, box);
        Plot.Axes.SetLimits(x.Map(x.Low), x.Map(x.High), y.Map(y.Low), y.Map(y.High));
        Plot.Axes.Color(Palette.Ink);
        Style(Plot.Axes.Bottom, x, fontSize);
        Style(Plot.Axes.Left, y, fontSize);
        StyleMargins(fontSize, title, roomBelowTitle);
        foreach (AxisBase side in Plot.Axes.GetAxes().Cast<AxisBase>())
        {
            side.FrameLineStyle.StrokeCap = SKStrokeCap.Square; // so that the four sides meet in the corners
        }

        Plot.Grid.MajorLineColor = Palette.Faint;
        Plot.Legend.IsVisible = false;
        Plot.Layout.LayoutEngine = new CrispLayout();
        if (equalUnits)
        {
            Plot.Axes.Rules.Add(new SquareZoomOut(Plot.Axes.Bottom, Plot.Axes.Left));
        }

        // The sheet is white already, and other panels may lie on it.
        Plot.RenderManager.ClearCanvasBeforeEachRender = false;

        // Data above frame and ticks, and not cut at the frame: a mark at 100 % is a whole mark.
        List<IRenderAction> actions = Plot.RenderManager.RenderActions;
        actions.RemoveAll(action => action is RenderPlottables);
        actions.Insert(actions.FindIndex(action => action is RenderPanels) + 1, new RenderWholePlottables());
    }

    public Plot Plot { get; } = new();

    /// <summary>A line through values; nothing where there are less than two.</summary>
    public void Curve(IEnumerable<(double X, double Y)> values, LineStyle style, string name)
    {
        Coordinates[] points = Visible(values);
        if (points.Length > 1)
        {
            var scatter = Plot.Add.Scatter(points);
            scatter.LineStyle = style;
            scatter.MarkerStyle = MarkerStyle.None;
            scatter.LegendText = name;
        }
    }

    /// <summary>Marks, painted in their order.</summary>
    public void Marks(IEnumerable<(double X, double Y, MarkerStyle Style)> marks) =>
        Plot.PlottableList.Add(new StyledMarkers([.. marks.Select(mark => (Place(mark.X, mark.Y), mark.Style))]));

    /// <summary>A filled area within a closed line.</summary>
    public void Area(IEnumerable<(double X, double Y)> corners, Color fill)
    {
        var area = Plot.Add.Polygon([.. corners.Select(corner => Place(corner.X, corner.Y))]);
        area.FillColor = fill;
        area.LineStyle = LineStyle.None;
    }

    /// <summary>Computes the layout, once axes and legend are complete, and returns the frame of the data.</summary>
    /// <exception cref="ArgumentException">The box leaves too little room for the data.</exception>
    public PixelRect ComputeLayout()
    {
        if (_frame is null)
        {
            // ScottPlot paints again until the limits rest, all on one canvas; so they come to rest on one that keeps nothing.
            using var nowhere = new SKNoDrawCanvas((int)Math.Ceiling(_box.Right), (int)Math.Ceiling(_box.Bottom));
            Plot.Render(nowhere, _box);
            Plot.Axes.Rules.Clear();
            _frame = Plot.LastRender.DataRect;
        }

        return _frame.Value;
    }

    /// <summary>Paints the panel.</summary>
    /// <exception cref="ArgumentException">The box leaves too little room for the data.</exception>
    public void Render(SKCanvas canvas)
    {
        ComputeLayout();
        Plot.Render(canvas, _box);
    }

    private static void Style(IAxis axis, Axis what, double fontSize)
    {
        var panel = (AxisBase)axis;
        axis.TickGenerator = new AxisTicks(what);
        EmbeddedFont.Apply(axis.TickLabelStyle, TickTextSize * fontSize);
        EmbeddedFont.Apply(panel.LabelStyle, fontSize);
        panel.LabelStyle.Text = what.Label;
        panel.MajorTickStyle.Length = TickLength;

        // ScottPlot counts these twice, once a side; its own distance of ticks and their labels comes out of them.
        bool upright = axis is IYAxis;
        double between = upright ? (0.35 * fontSize) + TickLength + UprightTickGap : (0.5 * fontSize) + TickGap;
        double empty = upright ? (0.6 * fontSize) + TickLength + UprightTickGap : (0.4 * fontSize) + TickGap;
        panel.PaddingBetweenTickAndAxisLabels = new PixelPadding((float)(between / 2));
        panel.EmptyLabelPadding = new PixelPadding((float)(empty / 2));
        panel.PaddingOutsideAxisLabels = new PixelPadding((float)((upright ? 0.2 : 0.1) * fontSize));
        if (upright)
        {
            EmbeddedFont.Centre(axis.TickLabelStyle);
        }
    }

    // The frame's right and upper side, and the title above it.
    private void StyleMargins(double fontSize, string title, double roomBelowTitle)
    {
        var small = (float)(TickTextSize * fontSize);
        Plot.Axes.Right.LockSize(small);
        double room = title.Length == 0 ? small : (roomBelowTitle > 0 ? 0.1 : 0.45) * fontSize;
        Plot.Axes.Top.LockSize((float)(roomBelowTitle + room));
        TitlePanel panel = Plot.Axes.Title;
        EmbeddedFont.Apply(panel.Label, fontSize, bold: true);
        panel.Label.Text = title;
        panel.VerticalPadding = (float)(0.5 * fontSize);
    }

    private Coordinates Place(double x, double y) => new(_x.Map(x), _y.Map(y));

    private Coordinates[] Visible(IEnumerable<(double X, double Y)> values)
    {
        double perX = _box.Width / (_x.Map(_x.High) - _x.Map(_x.Low));
        double perY = _box.Height / (_y.Map(_y.High) - _y.Map(_y.Low));
        var points = new List<Coordinates>();
        Coordinates last = default;
        foreach ((double x, double y) in values)
        {
            last = Place(x, y);
            if (points.Count == 0 || (perX * Math.Abs(last.X - points[^1].X)) + (perY * Math.Abs(last.Y - points[^1].Y)) >= VisibleStep)
            {
                points.Add(last);
            }
        }

        if (points.Count > 0 && !points[^1].Equals(last))
        {
            points.Add(last);
        }

        return [.. points];
    }

    private sealed class RenderWholePlottables : IRenderAction
    {
        public void Render(RenderPack rp)
        {
            foreach (IPlottable plottable in rp.Plot.PlottableList)
            {
                plottable.Axes.DataRect = rp.DataRect;
                plottable.Render(rp);
            }
        }
    }
}

/// <summary>ScottPlot's own layout, with the frame in the middle of pixels, so that its lines of one pixel are sharp in SVG too.</summary>
internal sealed class CrispLayout : ILayoutEngine
{
    private const float SmallestSide = 40;

    private readonly Automatic _automatic = new();

    /// <exception cref="ArgumentException">Too little room is left for the data.</exception>
    public Layout GetLayout(PixelRect figureRect, Plot plot, Paint paint)
    {
        Layout layout = _automatic.GetLayout(figureRect, plot, paint);
        PixelRect data = layout.DataRect;
        if (data.Width < SmallestSide || data.Height < SmallestSide)
        {
            throw new ArgumentException(
                $"The picture leaves {data.Width:0} x {data.Height:0} pixels for its data; must be at least "
                + $"{SmallestSide} x {SmallestSide}: choose a larger Width or Height, or a smaller FontSize.");
        }

        var crisp = new PixelRect(Crisp(data.Left), Crisp(data.Right), Crisp(data.Bottom), Crisp(data.Top));
        return new Layout(figureRect, crisp, layout.PanelSizes, layout.PanelOffsets);
    }

    private static float Crisp(float value) => MathF.Floor(value) + 0.5f;
}
