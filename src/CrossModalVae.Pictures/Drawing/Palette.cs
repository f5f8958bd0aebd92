using ScottPlot;
using SkiaSharp;

namespace CrossModalVae.Pictures.Drawing;

/// <summary>
/// The eight colours of Okabe and Ito (Color Universal Design, 2008), which readers with any common colour blindness tell apart; more marks
/// have the same colours again, with a white and then with a black centre.
/// </summary>
internal static class Palette
{
    public static readonly Color Blue = new(0x00, 0x72, 0xB2);
    public static readonly Color Orange = new(0xE6, 0x9F, 0x00);
    public static readonly Color Green = new(0x00, 0x9E, 0x73);
    public static readonly Color Vermillion = new(0xD5, 0x5E, 0x00);
    public static readonly Color Purple = new(0xCC, 0x79, 0xA7);
    public static readonly Color Sky = new(0x56, 0xB4, 0xE9);
    public static readonly Color Yellow = new(0xF0, 0xE4, 0x42);
    public static readonly Color Black = new(0, 0, 0);
    public static readonly Color White = new(255, 255, 255);

    /// <summary>Text and axes: nearly black, softer on white.</summary>
    public static readonly Color Ink = new(0x22, 0x22, 0x22);

    /// <summary>Text of second rank.</summary>
    public static readonly Color Dim = new(0x60, 0x60, 0x60);

    /// <summary>Chance lines and other references.</summary>
    public static readonly Color Grey = new(0x8C, 0x8C, 0x8C);

    /// <summary>Marks without a colour of their own.</summary>
    public static readonly Color Pale = new(0xD0, 0xD0, 0xD0);

    /// <summary>Grid lines.</summary>
    public static readonly Color Faint = new(0xE4, 0xE4, 0xE4);

    private static readonly Color[] LineColours = [Blue, Vermillion, Green, Orange, Purple, Sky, Black];

    /// <summary>Black comes last: it is also the colour of axes.</summary>
    public static IReadOnlyList<Color> Colours { get; } = [Blue, Orange, Green, Vermillion, Purple, Sky, Yellow, Black];

    /// <summary>How many marks differ: eight plain, eight with a white centre, seven with a black one (black on black would not show).
    /// </summary>
    public static int MarkCount => (3 * Colours.Count) - 1;

    /// <summary>How every picture draws the chance level.</summary>
    public static LineStyle Chance => Stroke(Grey, 1.5, 5, 4);

    /// <summary>The look of the <paramref name="index"/>-th kind of mark, 0 to <see cref="MarkCount"/> - 1.</summary>
    public static MarkLook Mark(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, MarkCount);
        Color? centre = (index / Colours.Count) switch { 0 => null, 1 => White, _ => Black };
        return new MarkLook(Colours[index % Colours.Count], centre);
    }

    /// <summary>
    /// The look of the <paramref name="index"/>-th line, from 0 on: colours without yellow (too faint as a thin line on white), then the
    /// same ones dashed.
    /// </summary>
    public static LineStyle Line(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        float[] dashes = (index / LineColours.Length % 4) switch { 0 => [], 1 => [7, 4], 2 => [2, 3], _ => [8, 3, 2, 3] };
        return Stroke(LineColours[index % LineColours.Length], 2, dashes);
    }

    /// <summary>A line with round corners; width, dashes and gaps in pixels at scale 1, no dashes for a solid line.</summary>
    public static LineStyle Stroke(Color colour, double width, params float[] dashes) => new((float)width, colour)
    {
        Pattern = new LinePattern(dashes, 0, ""),
        StrokeCap = dashes.Length == 0 ? SKStrokeCap.Round : SKStrokeCap.Butt,
        StrokeJoin = SKStrokeJoin.Round,
    };
}
