namespace CrossModalVae.Pictures.Drawing;

/// <summary>The look of a line: width and the lengths of dashes and gaps in pixels at scale 1; no dashes means a solid line.</summary>
internal sealed record LineStyle(Colour Colour, double Width, IReadOnlyList<double>? Dash = null)
{
    /// <summary>How every picture draws what guessing gives.</summary>
    public static LineStyle Chance { get; } = new(Colour.Grey, 1.5, [5, 4]);
}
