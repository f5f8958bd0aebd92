using System.Globalization;

namespace CrossModalVae.Pictures.Drawing;

/// <summary>One letter: its strokes as straight pieces, in units of a twentieth of the size, y upwards from the baseline.</summary>
internal sealed record StrokeGlyph(double Advance, IReadOnlyList<PixelPoint[]> Strokes)
{
    private const int CurvePieces = 14;
    private const double DegreesPerPiece = 12;

    /// <summary>
    /// Strokes are parted by |. In a stroke, "x,y" goes straight to a point, "C p q r" along a cubic curve with controls p and q to r, and
    /// "A x,y u,v s,e" along the ellipse of centre (x, y) and radii (u, v) from angle s to e in degrees.
    /// </summary>
    public static StrokeGlyph Parse(double advance, string text) =>
        new(advance, text.Length == 0 ? [] : [.. text.Split('|').Select(ParseStroke)]);

    private static PixelPoint[] ParseStroke(string text)
    {
        var points = new List<PixelPoint>();
        string[] words = text.Split(' ');
        for (int i = 0; i < words.Length; i++)
        {
            switch (words[i])
            {
                case "C":
                    AddCurve(points, Pair(words[i + 1]), Pair(words[i + 2]), Pair(words[i + 3]));
                    i += 3;
                    break;
                case "A":
                    AddArc(points, Pair(words[i + 1]), Pair(words[i + 2]), Pair(words[i + 3]));
                    i += 3;
                    break;
                default:
                    points.Add(Pair(words[i]));
                    break;
            }
        }

        return [.. points];
    }

    private static void AddCurve(List<PixelPoint> points, PixelPoint b, PixelPoint c, PixelPoint d)
    {
        PixelPoint a = points[^1];
        for (int i = 1; i <= CurvePieces; i++)
        {
            double t = (double)i / CurvePieces;
            double s = 1 - t;
            (double wa, double wb, double wc, double wd) = (s * s * s, 3 * s * s * t, 3 * s * t * t, t * t * t);
            points.Add(new PixelPoint((wa * a.X) + (wb * b.X) + (wc * c.X) + (wd * d.X), (wa * a.Y) + (wb * b.Y) + (wc * c.Y) + (wd * d.Y)));
        }
    }

    private static void AddArc(List<PixelPoint> points, PixelPoint centre, PixelPoint radii, PixelPoint angles)
    {
        int pieces = (int)Math.Ceiling(Math.Abs(angles.Y - angles.X) / DegreesPerPiece);
        for (int i = 0; i <= pieces; i++)
        {
            double angle = (angles.X + ((angles.Y - angles.X) * i / pieces)) * Math.PI / 180;
            points.Add(new PixelPoint(centre.X + (radii.X * Math.Cos(angle)), centre.Y + (radii.Y * Math.Sin(angle))));
        }
    }

    private static PixelPoint Pair(string word)
    {
        int comma = word.IndexOf(',', StringComparison.Ordinal);
        return new PixelPoint(double.Parse(word[..comma], CultureInfo.InvariantCulture), double.Parse(word[(comma + 1)..], CultureInfo.InvariantCulture));
    }
}
