using ScottPlot;

namespace CrossModalVae.Pictures.Drawing;

/// <summary>A picture of one plot with its legend at the right.</summary>
internal sealed class Chart : IDisposable
{
    private const double LegendSize = 0.92; // of the text's

    private readonly Sheet _sheet;

    /// <summary>The size and title given hold where the options have none; with equal units both axes have the same scale.</summary>
    public Chart(PictureOptions options, (double Width, double Height) standard, string title, Axis x, Axis y, bool equalUnits = false)
    {
        _sheet = new Sheet(options.Width ?? standard.Width, options.Height ?? standard.Height);
        var box = new PixelRect((float)_sheet.Width, (float)_sheet.Height);
        Panel = new Panel(box, x, y, options.FontSize, _sheet.Text(options.Title ?? title), equalUnits);
        Legend = new SideLegend(Panel.Plot, _sheet, LegendSize * options.FontSize, _sheet.Height - (3 * options.FontSize));
        Panel.Plot.Axes.AddPanel(Legend);
    }

    public Panel Panel { get; }

    public SideLegend Legend { get; }

    /// <summary>Paints the chart.</summary>
    /// <exception cref="ArgumentException">The size leaves too little room for the data.</exception>
    public Picture Paint()
    {
        Panel.Render(_sheet.Canvas);
        return _sheet.Finish(Panel);
    }

    public void Dispose() => _sheet.Dispose();
}
