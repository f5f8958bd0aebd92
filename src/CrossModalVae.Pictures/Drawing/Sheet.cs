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
