using SkiaSharp;

namespace CrossModalVae.Pictures.Drawing;

/// <summary>A picture's subtitle: lines of parts, in smaller and paler letters than the title above it.</summary>
internal sealed class Subtitle
{
    private const string Separator = " · ";
    private const double Size = 0.88; // this and the next: shares of the title's size
    private const double LineHeight = 1.25;

    private readonly double _size;
    private readonly double _lineHeight;

    /// <summary>Breaks a text between its parts into lines no wider than asked; a part that is wider by itself is cut.</summary>
    public Subtitle(string? text, double fontSize, double width)
    {
        (_size, _lineHeight) = (Size * fontSize, LineHeight * fontSize);
        var lines = new List<string>();
        foreach (string part in (text ?? "").Split(Separator, StringSplitOptions.RemoveEmptyEntries))
        {
            string longer = lines.Count == 0 ? part : lines[^1] + Separator + part;
            if (lines.Count > 0 && EmbeddedFont.Width(longer, _size) <= width)
            {
                lines[^1] = longer;
            }
            else
            {
                lines.Add(EmbeddedFont.Fit(part, _size, width));
            }
        }

        Lines = lines;
    }

    public IReadOnlyList<string> Lines { get; }

    public double Height => Lines.Count * _lineHeight;

    /// <summary>Paints the lines so that they end above a height.</summary>
    public void Paint(Brush brush, double x, double bottom, SKTextAlign align)
    {
        for (int i = 0; i < Lines.Count; i++)
        {
            double baseline = bottom - ((Lines.Count - 1 - i) * _lineHeight) - (0.6 * _size);
            brush.Text(Lines[i], x, baseline, _size, align, Palette.Dim);
        }
    }
}
