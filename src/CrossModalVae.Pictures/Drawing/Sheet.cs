using ScottPlot;
using SkiaSharp;

namespace CrossModalVae.Pictures.Drawing;

/// <summary>A canvas that becomes a picture.</summary>
internal sealed class Sheet : IDisposable
{
    private readonly SKPictureRecorder _recorder = new();
    private readonly List<string> _foreign = [];

    /// <summary>A white canvas, its size in pixels at scale 1.</summary>
    public Sheet(double width, double height)
    {
        (Width, Height) = (width, height);
        Canvas = _recorder.BeginRecording(SKRect.Create((float)width, (float)height));
        Canvas.Clear(SKColors.White);
    }

    public double Width { get; }

    public double Height { get; }

    public SKCanvas Canvas { get; }

    /// <summary>A text as the font can paint it; the original of one with letters that it lacks is kept for SVG, once per call.</summary>
    public string Text(string text)
    {
        string shown = EmbeddedFont.Shown(text);
        if (shown != EmbeddedFont.Legal(text))
        {
            _foreign.Add(EmbeddedFont.Legal(text));
        }

        return shown;
    }

    /// <summary>Ends the painting; the plots on the canvas are kept for tests.</summary>
    public Picture Finish(params Panel[] plots) => new(Width, Height, _recorder.EndRecording(), _foreign, plots);

    public void Dispose() => _recorder.Dispose();
}

/// <summary>A picture of one plot with its legend at the right.</summary>
internal sealed class Chart : IDisposable
{
    private const double LegendSize = 0.92; // of the text's
    private const double SubtitleWidth = 0.7; // of the picture's: centred above the frame, which leaves room for a legend

    private readonly Sheet _sheet;
    private readonly Subtitle _subtitle;

    /// <summary>The size and title given hold where the options have none; with equal units both axes have the same scale.</summary>
    public Chart(PictureOptions options, (double Width, double Height) standard, string title, Axis x, Axis y, bool equalUnits = false)
    {
        _sheet = new Sheet(options.Width ?? standard.Width, options.Height ?? standard.Height);
        var box = new PixelRect((float)_sheet.Width, (float)_sheet.Height);
        _subtitle = new Subtitle(options.Subtitle, options.FontSize, SubtitleWidth * _sheet.Width);
        Panel = new Panel(box, x, y, options.FontSize, _sheet.Text(options.Title ?? title), equalUnits, _subtitle.Height);
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
        PixelRect frame = Panel.ComputeLayout();
        _subtitle.Paint(new Brush(_sheet), frame.HorizontalCenter, frame.Top, SKTextAlign.Center);
        return _sheet.Finish(Panel);
    }

    public void Dispose() => _sheet.Dispose();
}
