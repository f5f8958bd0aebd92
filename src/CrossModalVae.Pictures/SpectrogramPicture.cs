using CrossModalVae.Audio;
using ScottPlot;
using SkiaSharp;

namespace CrossModalVae.Pictures;

/// <summary>A voice's levels over time and frequency, with a scale of its colours.</summary>
public static class SpectrogramPicture
{
    private const int Rows = 256;
    private const double ScaleRoom = 5.6; // right of the plot, in text sizes
    private const double ScaleWidth = 1;

    /// <summary>Draws a spectrogram; mel bins stand at their frequencies, so that the axis is linear.</summary>
    /// <param name="spectrum">At least two frames and two bins.</param>
    /// <param name="options">Size and title; null for the default, 760 x 360.</param>
    /// <exception cref="ArgumentException">There are too few frames or bins, a level is not finite, or an option is out of
    /// range.</exception>
    public static Picture Draw(VoiceSpectrum spectrum, PictureOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(spectrum);
        options = PictureOptions.Checked(options);
        if (spectrum.FrameCount < 2 || spectrum.BinHz.Count < 2)
        {
            throw new ArgumentException(
                $"The spectrum has {spectrum.FrameCount} frames of {spectrum.BinHz.Count} bins; must have at least 2 of each.",
                nameof(spectrum));
        }

        DataCheck.Finite(spectrum.Levels.Select(level => (double)level), nameof(spectrum), nameof(VoiceSpectrum.Levels));
        var heat = new HeatMap(spectrum);
        double size = options.FontSize, room = ScaleRoom * size;
        using var sheet = new Sheet(options.Width ?? 760, options.Height ?? 360);
        var subtitle = new Subtitle(options.Subtitle, size, 0.7 * sheet.Width);
        var box = new PixelRect(0, (float)(sheet.Width - room), (float)sheet.Height, 0);
        var panel = new Panel(
            box,
            new Axis("time (s)", 0, spectrum.FrameCount * spectrum.HopSeconds),
            new Axis("frequency (Hz)", 0, heat.TopHz),
            size,
            sheet.Text(options.Title ?? "Spectrogram"),
            roomBelowTitle: subtitle.Height);
        panel.Render(sheet.Canvas);
        PixelRect frame = panel.ComputeLayout();
        var brush = new Brush(sheet);
        subtitle.Paint(brush, frame.HorizontalCenter, frame.Top, SKTextAlign.Center);
        var plot = new SKRect(frame.Left, frame.Top, frame.Right, frame.Bottom);
        using (SKImage image = heat.Image(Rows))
        {
            sheet.Canvas.DrawImage(image, plot, new SKSamplingOptions(SKFilterMode.Linear));
        }

        brush.Frame(plot, Palette.Ink, 1);
        DrawScale(sheet, brush, heat, plot, spectrum.IsDecibel ? "dB" : "s.d.", size);
        return sheet.Finish(panel);
    }

    private static void DrawScale(Sheet sheet, Brush brush, HeatMap heat, SKRect plot, string unit, double size)
    {
        var bar = SKRect.Create(plot.Right + (float)(0.6 * size), plot.Top, (float)(ScaleWidth * size), plot.Height);
        using (SKImage colours = HeatMap.Scale())
        {
            sheet.Canvas.DrawImage(colours, bar, new SKSamplingOptions(SKFilterMode.Linear));
        }

        brush.Frame(bar, Palette.Ink, 1);
        double small = 0.9 * size, above = heat.High; // decibels below the loudest: the reference is arbitrary
        bool isDecibel = unit == "dB";
        var axis = new Axis("", isDecibel ? heat.Low - above : heat.Low, isDecibel ? 0 : heat.High);
        foreach (Tick tick in axis.Ticks(bar.Height, _ => 1.5 * small))
        {
            double y = bar.Bottom - (axis.Fraction(tick.Position) * bar.Height);
            brush.Line(Palette.Ink, 1, (bar.Right, y), (bar.Right + 3, y));
            brush.Text(tick.Label, bar.Right + 6, y + (EmbeddedFont.Middle * small), small, SKTextAlign.Left, Palette.Ink);
        }

        brush.Text(unit, bar.MidX, bar.Top - (0.5 * small), small, SKTextAlign.Center, Palette.Ink);
    }
}
