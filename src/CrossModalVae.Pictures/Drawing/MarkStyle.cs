namespace CrossModalVae.Pictures.Drawing;

/// <summary>The look of a mark: what fills it, and the small centre that tells it from another of the same colour.</summary>
internal readonly record struct MarkStyle(Colour Fill, Colour? Centre)
{
    /// <summary>A mark that stands back behind those with a colour.</summary>
    public static MarkStyle Pale { get; } = new(Colour.Pale, null);

    public Colour Outline => Fill == Colour.Pale ? Colour.Grey : Colour.Ink;
}
