namespace CrossModalVae.Pictures.Drawing;

/// <summary>The look of a mark: what fills it, and the small centre that tells it from another of the same colour.</summary>
internal readonly record struct MarkStyle(Colour Fill, Colour? Centre);
