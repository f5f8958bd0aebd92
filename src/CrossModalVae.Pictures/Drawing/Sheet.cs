using SkiaSharp;

namespace CrossModalVae.Pictures.Drawing;

/// <summary>White paper: what is painted on its canvas becomes a picture.</summary>
internal sealed class Sheet : IDisposable
{
    private readonly SKPictureRecorder _recorder = new();
    private readonly List<string> _foreign = [];

    /// <param name="width">In pixels at scale 1.</param>
    /// <param name="height">In pixels at scale 1.</param>
    public Sheet(double width, double height)
    {
        (Width, Height) = (width, height);
        Canvas = _recorder.BeginRecording(SKRect.Create((float)width, (float)height));
        Canvas.Clear(SKColors.White);
    }

    public double Width { get; }

    public double Height { get; }

    public SKCanvas Canvas { get; }

    /// <summary>A text as it can be painted; one with letters that the font lacks is kept for SVG. Once for every time it is painted.
    /// </summary>
    public string Text(string text)
    {
        string shown = Lettering.Shown(text);
        if (shown != Lettering.Legal(text))
        {
            _foreign.Add(Lettering.Legal(text));
        }

        return shown;
    }

    /// <summary>Ends the painting.</summary>
    /// <param name="plots">What of ScottPlot is on it.</param>
    public Picture Finish(params Panel[] plots) => new(Width, Height, _recorder.EndRecording(), _foreign, plots);

    public void Dispose() => _recorder.Dispose();
}
