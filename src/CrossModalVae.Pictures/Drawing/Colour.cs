using System.Globalization;

namespace CrossModalVae.Pictures.Drawing;

/// <summary>An opaque sRGB colour.</summary>
internal readonly record struct Colour(byte R, byte G, byte B)
{
    public static Colour White { get; } = new(255, 255, 255);

    public static Colour Black { get; } = new(0, 0, 0);

    /// <summary>Text and axes: nearly black, softer on white.</summary>
    public static Colour Ink { get; } = new(0x22, 0x22, 0x22);

    /// <summary>What stands back: chance lines, second lines of text, people without a colour of their own.</summary>
    public static Colour Grey { get; } = new(0x8C, 0x8C, 0x8C);

    /// <summary>Marks without a colour of their own.</summary>
    public static Colour Pale { get; } = new(0xD0, 0xD0, 0xD0);

    /// <summary>Text of second rank.</summary>
    public static Colour Dim { get; } = new(0x60, 0x60, 0x60);

    /// <summary>Grid lines.</summary>
    public static Colour Faint { get; } = new(0xE4, 0xE4, 0xE4);

    /// <summary>As SVG and CSS write it.</summary>
    public string Hex => string.Create(CultureInfo.InvariantCulture, $"#{R:X2}{G:X2}{B:X2}");
}
