namespace CrossModalVae.Pictures.Drawing;

/// <summary>What the marks and lines of a picture stand for, in columns beside the data, never over them.</summary>
internal sealed class Legend
{
    private const double MarkRadius = 0.36; // of the text's size
    private const double Swatch = 2.2;
    private const double RowHeight = 1.6;
    private const double DetailHeight = 1.35;

    // SVG's fonts are a little wider than ours at most.
    private const double FontSlack = 1.15;

    private readonly List<Entry> _entries = [];
    private readonly double _size;
    private readonly double _widest;

    /// <param name="size">Of the text, in pixels.</param>
    /// <param name="widest">An entry's text is cut at this many pixels.</param>
    public Legend(double size, double widest = 200)
    {
        (_size, _widest) = (size, widest);
    }

    public void Heading(string text) => _entries.Add(new Entry(text, "", null, null, null, true));

    public void Mark(string text, MarkShape shape, MarkStyle style) => _entries.Add(new Entry(text, "", shape, style, null, false));

    public void Line(string text, LineStyle style, string detail = "") => _entries.Add(new Entry(text, detail, null, null, style, false));

    public void MarkedLine(string text, LineStyle style, MarkShape shape, string detail = "") =>
        _entries.Add(new Entry(text, detail, shape, new MarkStyle(style.Colour, null), style, false));

    /// <summary>How wide the legend is where it may be so high.</summary>
    public double Width(double height)
    {
        double width = 0;
        foreach (Entry[] column in Columns(height))
        {
            width += ColumnWidth(column);
        }

        return width;
    }

    /// <summary>Draws the legend from a corner.</summary>
    public void Draw(Scene scene, double left, double top, double height)
    {
        foreach (Entry[] column in Columns(height))
        {
            double y = top;
            foreach (Entry entry in column)
            {
                Draw(scene, entry, left, y + (entry.IsHeading && y > top ? 0.5 * _size : 0));
                y += Height(entry, y == top);
            }

            left += ColumnWidth(column);
        }
    }

    private List<Entry[]> Columns(double height)
    {
        var columns = new List<Entry[]>();
        var column = new List<Entry>();
        double used = 0;
        foreach (Entry entry in _entries)
        {
            if (column.Count > 0 && used + Height(entry, false) > height)
            {
                columns.Add([.. column]);
                column.Clear();
                used = 0;
            }

            used += Height(entry, column.Count == 0);
            column.Add(entry);
        }

        columns.Add([.. column]);
        return columns;
    }

    private double ColumnWidth(Entry[] column) =>
        column.Max(entry => FontSlack * Math.Max(TextWidth(entry.Text, entry.IsHeading), TextWidth(entry.Detail, false)) + (entry.IsHeading ? 0 : Swatch * _size)) + _size;

    private double TextWidth(string text, bool bold) => Math.Min(_widest, StrokeFont.Width(text, _size, bold));

    private double Height(Entry entry, bool first) =>
        (RowHeight * _size) + (entry.Detail.Length > 0 ? DetailHeight * _size : 0) + (entry.IsHeading && !first ? 0.5 * _size : 0);

    private void Draw(Scene scene, Entry entry, double left, double top)
    {
        double middle = top + (RowHeight * _size / 2);
        double textLeft = left + (entry.IsHeading ? 0 : Swatch * _size);
        if (entry.Line is LineStyle line)
        {
            scene.Line(new(left, middle), new(left + (1.7 * _size), middle), line, "legend-line");
        }

        if (entry.Shape is MarkShape shape && entry.Style is MarkStyle style)
        {
            scene.Mark(new(left + (0.85 * _size), middle), shape, MarkRadius * _size, style, "legend-mark");
        }

        double baseline = middle + (StrokeFont.Middle * _size);
        scene.Text(textLeft, baseline, StrokeFont.Fit(entry.Text, _size, _widest), _size, bold: entry.IsHeading, kind: "legend");
        if (entry.Detail.Length > 0)
        {
            scene.Text(textLeft, baseline + (DetailHeight * _size), StrokeFont.Fit(entry.Detail, _size, _widest), _size, colour: Colour.Dim, kind: "legend");
        }
    }

    private sealed record Entry(string Text, string Detail, MarkShape? Shape, MarkStyle? Style, LineStyle? Line, bool IsHeading);
}
