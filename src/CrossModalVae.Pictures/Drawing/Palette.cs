namespace CrossModalVae.Pictures.Drawing;

/// <summary>
/// The eight colours of Okabe and Ito (Color Universal Design, 2008), which readers with any common colour blindness tell apart, and what stretches them: the
/// same colours again with a white and then with a black centre.
/// </summary>
internal static class Palette
{
    public static readonly Colour Blue = new(0x00, 0x72, 0xB2);
    public static readonly Colour Orange = new(0xE6, 0x9F, 0x00);
    public static readonly Colour Green = new(0x00, 0x9E, 0x73);
    public static readonly Colour Vermillion = new(0xD5, 0x5E, 0x00);
    public static readonly Colour Purple = new(0xCC, 0x79, 0xA7);
    public static readonly Colour Sky = new(0x56, 0xB4, 0xE9);
    public static readonly Colour Yellow = new(0xF0, 0xE4, 0x42);

    /// <summary>Black comes last: it is also the colour of axes.</summary>
    public static IReadOnlyList<Colour> Colours { get; } = [Blue, Orange, Green, Vermillion, Purple, Sky, Yellow, Colour.Black];

    /// <summary>How many marks differ: eight plain, eight with a white centre, seven with a black one (black on black would not show).</summary>
    public static int MarkCount => (3 * Colours.Count) - 1;

    /// <summary>The look of the <paramref name="index"/>-th kind of mark.</summary>
    /// <param name="index">0 to <see cref="MarkCount"/> - 1.</param>
    public static MarkStyle Mark(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, MarkCount);
        Colour? centre = (index / Colours.Count) switch { 0 => null, 1 => Colour.White, _ => Colour.Black };
        return new MarkStyle(Colours[index % Colours.Count], centre);
    }

    /// <summary>The look of the <paramref name="index"/>-th line: eight colours without yellow (too faint as a thin line on white), then the same ones dashed.</summary>
    /// <param name="index">From 0 on.</param>
    public static LineStyle Line(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        Colour[] lines = [Blue, Vermillion, Green, Orange, Purple, Sky, Colour.Black];
        double[]? dash = (index / lines.Length % 4) switch { 0 => null, 1 => [7, 4], 2 => [2, 3], _ => [8, 3, 2, 3] };
        return new LineStyle(lines[index % lines.Length], 2, dash);
    }
}
