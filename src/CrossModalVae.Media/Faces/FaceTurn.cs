namespace CrossModalVae.Faces;

/// <summary>EXIF orientations: how a picture is turned or mirrored before it is stored.</summary>
internal static class FaceTurn
{
    /// <summary>Where a pixel of the upright picture is stored.</summary>
    /// <param name="orientation">1 to 8.</param>
    /// <param name="x">Column of the upright picture.</param>
    /// <param name="y">Row of the upright picture.</param>
    /// <param name="width">Of the stored picture.</param>
    /// <param name="height">Of the stored picture.</param>
    public static (int X, int Y) Stored(int orientation, int x, int y, int width, int height) => orientation switch
    {
        2 => (width - 1 - x, y),
        3 => (width - 1 - x, height - 1 - y),
        4 => (x, height - 1 - y),
        5 => (y, x),
        6 => (y, height - 1 - x),
        7 => (width - 1 - y, height - 1 - x),
        8 => (width - 1 - y, x),
        _ => (x, y),
    };
}
