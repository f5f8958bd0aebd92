using ScottPlot;

namespace CrossModalVae.Pictures.Drawing;

/// <summary>Title, subtitle and a legend in one line above several panels.</summary>
internal static class HeadLegend
{
    public static void Draw(
        Sheet sheet,
        Plot plot,
        PictureOptions options,
        string title,
        Subtitle subtitle,
        IEnumerable<(string Text, LineStyle Line, MarkerStyle Mark)> items)
    {
        using Paint paint = Paint.NewDisposablePaint();
        var heading = new LabelStyle { Text = sheet.Text(options.Title ?? title), Alignment = Alignment.MiddleCenter };
        EmbeddedFont.Apply(heading, options.FontSize, bold: true);
        heading.Render(sheet.Canvas, new Pixel(sheet.Width / 2, 1.05 * options.FontSize), paint);
        double below = (1.8 * options.FontSize) + subtitle.Height;
        subtitle.Paint(new Brush(sheet), sheet.Width / 2, below, SkiaSharp.SKTextAlign.Center);
        double size = 0.92 * options.FontSize;
        var legend = new Legend(plot)
        {
            ManualItems = [.. items.Select(item => Item(item.Text, item.Line, item.Mark, size))],
            DisplayPlottableLegendItems = false,
            Orientation = Orientation.Horizontal,
            TightHorizontalWrapping = true,
            SymbolWidth = (float)(1.8 * size),
            SymbolPadding = (float)(0.6 * size),
            InterItemPadding = new PixelPadding((float)(1.8 * size), 0),
            Padding = new PixelPadding(1),
            OutlineWidth = 0,
            ShadowColor = Colors.Transparent,
            BackgroundColor = Colors.Transparent,
        };
        var box = new PixelRect(0, (float)sheet.Width, (float)(below + (1.6 * options.FontSize)), (float)below);
        legend.Render(sheet.Canvas, paint, box, Alignment.MiddleCenter);
    }

    private static LegendItem Item(string text, LineStyle line, MarkerStyle mark, double size)
    {
        var item = new LegendItem { LabelText = text, LineStyle = line, MarkerStyle = mark };
        EmbeddedFont.Apply(item.LabelStyle, size);
        EmbeddedFont.Centre(item.LabelStyle);
        return item;
    }
}
