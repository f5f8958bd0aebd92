using ScottPlot;
using ScottPlot.Panels;

namespace CrossModalVae.Pictures.Drawing;

/// <summary>A legend in columns at the right of the frame, never over the data.</summary>
internal sealed class SideLegend : PanelBase, ILegendLayout
{
    private const double MarkRadius = 0.36; // this and the following: shares of the text's size
    private const double SymbolWidth = 1.7;
    private const double LabelLeft = 2.2;
    private const double RowHeight = 1.6;
    private const double DetailHeight = 1.35;
    private const double HeadingGap = 0.5;
    private const double WidestText = 200; // in pixels

    private readonly Legend _legend;
    private readonly Sheet _sheet;
    private readonly double _size;
    private readonly float _height;
    private readonly List<Row> _rows = [];

    /// <summary>A legend whose columns are at most so high; more entries make another column.</summary>
    public SideLegend(Plot plot, Sheet sheet, double fontSize, double height)
    {
        (Edge, _sheet, _size, _height) = (Edge.Right, sheet, fontSize, (float)height);
        _legend = new Legend(plot)
        {
            Layout = this,
            DisplayPlottableLegendItems = false,
            Padding = new PixelPadding(0),
            OutlineWidth = 0,
            ShadowColor = Colors.Transparent,
            BackgroundColor = Colors.Transparent,
        };
    }

    private enum Kind
    {
        Entry,
        Detail,
        Heading,
    }

    /// <summary>Every text, from top to bottom.</summary>
    public IEnumerable<string> Texts => _rows.Select(row => row.Item.LabelText);

    public void Heading(string text) => Add(text, Kind.Heading, null, null);

    public void Mark(string text, MarkerShape shape, MarkLook look) => Add(text, Kind.Entry, null, look.Style(shape, MarkRadius * _size));

    public void Line(string text, LineStyle style, string detail = "", MarkerShape shape = MarkerShape.None)
    {
        Add(text, Kind.Entry, style, shape == MarkerShape.None ? null : new MarkLook(style.Color).Style(shape, MarkRadius * _size));
        if (detail.Length > 0)
        {
            Add(detail, Kind.Detail, null, null);
        }
    }

    public override float Measure(Paint paint) => Arrange(_legend.GetItems()).LegendRect.Width;

    public override void Render(RenderPack rp, float size, float offset)
    {
        PixelRect panel = GetPanelRect(rp.DataRect, size, offset, rp.Paint);
        _legend.Render(rp.Canvas, rp.Paint, new PixelRect(panel.Left, panel.Right, panel.Top + _height, panel.Top), Alignment.UpperLeft);
    }

    LegendLayout ILegendLayout.GetLayout(Legend legend, LegendItem[] items, PixelSize maxSize, Paint paint) => Arrange(items);

    private LegendLayout Arrange(LegendItem[] items)
    {
        var symbols = new PixelRect[items.Length];
        var labels = new PixelRect[items.Length];
        double left = 0;
        double lowest = 0;
        for (int first = 0; first < items.Length;)
        {
            int end = ColumnEnd(first);
            double top = 0;
            double width = 0;
            for (int i = first; i < end; i++)
            {
                Row row = _rows[i];
                top += row.Kind == Kind.Heading && i > first ? HeadingGap * _size : 0;
                double bottom = top + Height(row.Kind);
                double labelLeft = left + (row.Kind == Kind.Heading ? 0 : LabelLeft * _size);
                double labelWidth = EmbeddedFont.Width(row.Item.LabelText, _size, row.Kind == Kind.Heading);
                symbols[i] = new PixelRect((float)left, (float)(left + (SymbolWidth * _size)), (float)bottom, (float)top);
                labels[i] = new PixelRect((float)labelLeft, (float)(labelLeft + labelWidth), (float)bottom, (float)top);
                width = Math.Max(width, labelLeft + labelWidth - left);
                top = bottom;
            }

            left += width + _size;
            lowest = Math.Max(lowest, top);
            first = end;
        }

        return new LegendLayout
        {
            LegendItems = items,
            LegendRect = new PixelRect(0, (float)left, (float)lowest, 0),
            LabelRects = labels,
            SymbolRects = symbols,
        };
    }

    // The first row that does not fit below a column's first one; an entry and its detail stay together.
    private int ColumnEnd(int first)
    {
        double used = Height(_rows[first].Kind);
        for (int i = first + 1; i < _rows.Count; i++)
        {
            used += Height(_rows[i].Kind) + (_rows[i].Kind == Kind.Heading ? HeadingGap * _size : 0);
            bool detailFollows = i + 1 < _rows.Count && _rows[i + 1].Kind == Kind.Detail;
            if (used + (detailFollows ? Height(Kind.Detail) : 0) > _height && _rows[i].Kind != Kind.Detail)
            {
                return i;
            }
        }

        return _rows.Count;
    }

    private double Height(Kind kind) => (kind == Kind.Detail ? DetailHeight : RowHeight) * _size;

    private void Add(string text, Kind kind, LineStyle? line, MarkerStyle? mark)
    {
        var item = new LegendItem
        {
            LabelText = _sheet.Text(EmbeddedFont.Fit(text, _size, WidestText, kind == Kind.Heading)),
            LineStyle = line ?? LineStyle.None,
            MarkerStyle = mark ?? MarkerStyle.None,
        };
        EmbeddedFont.Apply(item.LabelStyle, _size, kind == Kind.Detail ? Palette.Dim : Palette.Ink, kind == Kind.Heading);
        EmbeddedFont.Centre(item.LabelStyle);
        _rows.Add(new Row(item, kind));
        _legend.ManualItems.Add(item);
    }

    private readonly record struct Row(LegendItem Item, Kind Kind);
}
