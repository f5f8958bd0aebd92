using CrossModalVae.Faces;
using ScottPlot;
using SkiaSharp;

namespace CrossModalVae.Pictures.Drawing;

/// <summary>Paints with SkiaSharp outside of plots. Places and sizes are in pixels at scale 1; lines have round ends and corners.</summary>
internal sealed class Brush(Sheet sheet)
{
    public void Fill(SKRect box, Color colour)
    {
        using SKPaint paint = Paint(colour);
        sheet.Canvas.DrawRect(box, paint);
    }

    public void Frame(SKRect box, Color colour, double width)
    {
        using SKPaint paint = Paint(colour, width);
        sheet.Canvas.DrawRect(box, paint);
    }

    public void Line(Color colour, double width, params (double X, double Y)[] points)
    {
        using SKPaint paint = Paint(colour, width);
        using var path = new SKPath();
        path.AddPoly([.. points.Select(point => new SKPoint((float)point.X, (float)point.Y))], close: false);
        sheet.Canvas.DrawPath(path, paint);
    }

    public void Disc(double x, double y, double radius, Color fill, Color outline)
    {
        using SKPaint inside = Paint(fill);
        using SKPaint edge = Paint(outline, 1.2);
        sheet.Canvas.DrawCircle((float)x, (float)y, (float)radius, inside);
        sheet.Canvas.DrawCircle((float)x, (float)y, (float)radius, edge);
    }

    /// <summary>One line of text, its baseline through a place.</summary>
    public void Text(string text, double x, double y, double size, SKTextAlign align, Color colour, bool bold = false)
    {
        using SKPaint paint = Paint(colour);
        using SKFont font = EmbeddedFont.Font(size, bold);
        sheet.Canvas.Save();
        sheet.Canvas.Translate((float)x, (float)y);
        sheet.Canvas.DrawText(sheet.Text(text), 0, 0, align, font, paint);
        sheet.Canvas.Restore();
    }

    /// <summary>Paints the largest square in the middle of a photograph into a square box; scale: pixels kept for one of the box.</summary>
    public void Photograph(FaceImage photograph, SKRect box, int scale)
    {
        int size = (int)Math.Round(scale * box.Width);
        int side = Math.Min(photograph.Width, photograph.Height);
        SKRect middle = SKRect.Create((photograph.Width - side) / 2f, (photograph.Height - side) / 2f, side, side);
        using SKImage whole = Image(photograph);
        using SKSurface square = SKSurface.Create(new SKImageInfo(size, size, SKColorType.Rgba8888, SKAlphaType.Opaque));
        SKSamplingOptions sampling = side > size ? new(SKFilterMode.Linear, SKMipmapMode.Linear) : new(SKCubicResampler.Mitchell);
        square.Canvas.DrawImage(whole, middle, SKRect.Create(size, size), sampling);
        using SKImage kept = square.Snapshot();
        sheet.Canvas.DrawImage(kept, box, new SKSamplingOptions(SKFilterMode.Linear, SKMipmapMode.Linear));
    }

    /// <summary>Paints a whole picture into a box; small ones are enlarged smoothly (Mitchell, Netravali 1988).</summary>
    public void Whole(FaceImage picture, SKRect box)
    {
        using SKImage whole = Image(picture);
        sheet.Canvas.DrawImage(whole, box, new SKSamplingOptions(SKCubicResampler.Mitchell));
    }

    private static SKImage Image(FaceImage photograph)
    {
        var rgba = new byte[4 * photograph.Width * photograph.Height];
        for (int i = 0; i < photograph.Width * photograph.Height; i++)
        {
            photograph.Pixels.Slice(3 * i, 3).CopyTo(rgba.AsSpan(4 * i));
            rgba[(4 * i) + 3] = byte.MaxValue;
        }

        return SKImage.FromPixelCopy(new SKImageInfo(photograph.Width, photograph.Height, SKColorType.Rgba8888, SKAlphaType.Opaque), rgba);
    }

    private static SKPaint Paint(Color colour) => new() { Color = colour.ToSKColor(), IsAntialias = true };

    private static SKPaint Paint(Color colour, double width) => new()
    {
        Color = colour.ToSKColor(),
        IsAntialias = true,
        IsStroke = true,
        StrokeWidth = (float)width,
        StrokeCap = SKStrokeCap.Round,
        StrokeJoin = SKStrokeJoin.Round,
    };
}
