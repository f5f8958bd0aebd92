using System.Reflection;
using System.Text;
using ScottPlot;
using SkiaSharp;

namespace CrossModalVae.Pictures.Drawing;

/// <summary>
/// The font of every picture: Arimo, embedded (Fonts/OFL.txt), so that text looks the same on every machine, also on one without fonts.
/// Its letters are as wide as those of Arial and Helvetica. No font of the machine is used, and nothing is registered with ScottPlot.
/// </summary>
internal static class EmbeddedFont
{
    /// <summary>Half the height of a capital, as a share of the size: the baseline lies so far below the place of centred text.</summary>
    public const double Middle = 0.36;

    private static readonly SKTypeface Regular = Load("Arimo-Regular.ttf");
    private static readonly SKTypeface Bold = Load("Arimo-Bold.ttf");

    /// <summary>A font for SkiaSharp; the caller disposes of it.</summary>
    public static SKFont Font(double size, bool bold = false) =>
        new(bold ? Bold : Regular, (float)size) { Subpixel = true, Hinting = SKFontHinting.None };

    /// <summary>Sets the font of a ScottPlot label.</summary>
    public static void Apply(LabelStyle label, double size, Color? colour = null, bool bold = false)
    {
        label.Font = bold ? Bold : Regular;
        label.Bold = bold;
        label.FontSize = (float)size;
        label.ForeColor = colour ?? Palette.Ink;
    }

    /// <summary>Moves a label, which ScottPlot centres by its line's height, down so that its capitals are centred.</summary>
    public static void Centre(LabelStyle label) => label.OffsetY = 0.09f * label.FontSize;

    /// <summary>The width of a text as it is shown.</summary>
    public static double Width(string text, double size, bool bold = false)
    {
        using SKFont font = Font(size, bold);
        return font.MeasureText(Shown(text));
    }

    /// <summary>A text cut with an ellipsis so that it is no wider than asked.</summary>
    public static string Fit(string text, double size, double width, bool bold = false)
    {
        if (Width(text, size, bold) <= width)
        {
            return text;
        }

        Rune[] runes = [.. text.EnumerateRunes()];
        int length = runes.Length;
        while (length > 0 && Width(string.Concat(runes.Take(length)) + "…", size, bold) > width)
        {
            length--;
        }

        return string.Concat(runes.Take(length)) + "…";
    }

    /// <summary>A text with the replacement character for characters that XML 1.0 forbids, line breaks and unpaired surrogates.</summary>
    public static string Legal(string text) =>
        string.Concat(text.EnumerateRunes().Select(rune => rune.Value is < 0x20 or 0xFFFE or 0xFFFF ? Rune.ReplacementChar : rune));

    /// <summary>A text as the font can draw it: what it has no letter for is the replacement character.</summary>
    public static string Shown(string text) =>
        string.Concat(Legal(text).EnumerateRunes().Select(rune => Regular.ContainsGlyph(rune.Value) ? rune : Rune.ReplacementChar));

    private static SKTypeface Load(string name)
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The font '{name}' is not embedded in this assembly.");
        using SKData data = SKData.Create(stream);
        return SKTypeface.FromData(data) ?? throw new InvalidOperationException($"The embedded font '{name}' cannot be read.");
    }
}
