using System.Collections.Frozen;

namespace CrossModalVae.Pictures.Drawing;

/// <summary>
/// The letters of pictures without a font file: our own, drawn as strokes of one width. A text is measured with it for both back ends, so a layout does not depend
/// on the fonts of a machine. A character that it lacks is an empty box.
/// </summary>
internal static class StrokeFont
{
    /// <summary>Height of a capital above the baseline, and what hangs below it, as shares of the size.</summary>
    public const double Ascent = 0.74;
    public const double Descent = 0.26;

    /// <summary>What centres a line of text on a place: a capital's half height, as a share of the size.</summary>
    public const double Middle = 0.35;

    private const double UnitsPerSize = 20;
    private const double StrokeUnits = 1.75;
    private const double BoldStrokeUnits = 2.7;
    private const double BoldExtraAdvance = 0.7;

    private static readonly FrozenDictionary<char, StrokeGlyph> Glyphs =
        StrokeGlyphs.All.ToFrozenDictionary(entry => entry.Character, entry => StrokeGlyph.Parse(entry.Advance, entry.Strokes));

    private static readonly StrokeGlyph Missing = StrokeGlyph.Parse(10.4, "1.6,0 1.6,14 8.8,14 8.8,0 1.6,0");

    /// <summary>The characters that have a shape of their own.</summary>
    public static IEnumerable<char> Characters => Glyphs.Keys;

    public static double Width(string text, double size, bool bold = false)
    {
        double units = bold ? BoldExtraAdvance * text.Length : 0;
        foreach (char character in text)
        {
            units += Glyph(character).Advance;
        }

        return units * size / UnitsPerSize;
    }

    public static double StrokeWidth(double size, bool bold) => (bold ? BoldStrokeUnits : StrokeUnits) * size / UnitsPerSize;

    /// <summary>The strokes of a text, the left end of its baseline at (0, 0), y downwards.</summary>
    public static List<PixelPoint[]> Strokes(string text, double size, bool bold = false)
    {
        var strokes = new List<PixelPoint[]>();
        double unit = size / UnitsPerSize;
        double left = 0;
        foreach (char character in text)
        {
            StrokeGlyph glyph = Glyph(character);
            foreach (PixelPoint[] stroke in glyph.Strokes)
            {
                strokes.Add([.. stroke.Select(point => new PixelPoint((left + point.X) * unit, -point.Y * unit))]);
            }

            left += glyph.Advance + (bold ? BoldExtraAdvance : 0);
        }

        return strokes;
    }

    /// <summary>A text cut with an ellipsis so that it is no wider than asked.</summary>
    public static string Fit(string text, double size, double width)
    {
        if (Width(text, size) <= width)
        {
            return text;
        }

        int length = text.Length;
        while (length > 0 && Width(text[..length] + "…", size) > width)
        {
            length--;
        }

        return text[..length] + "…";
    }

    private static StrokeGlyph Glyph(char character) => Glyphs.GetValueOrDefault(character, Missing);
}
