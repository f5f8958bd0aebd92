namespace CrossModalVae.Faces;

/// <summary>
/// Where a face lies in its picture, in pixels of the picture turned upright by its EXIF orientation, as detectors see it.
/// </summary>
/// <param name="Left">The first column, at least 0.</param>
/// <param name="Top">The first row, at least 0.</param>
/// <param name="Width">Columns, at least <see cref="FaceImage.SmallestSide"/>.</param>
/// <param name="Height">Rows, at least <see cref="FaceImage.SmallestSide"/>.</param>
public readonly record struct FaceBox(int Left, int Top, int Width, int Height)
{
    /// <summary>Left, top, width and height as messages show them.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"[{Left}, {Top}, {Width}, {Height}]");

    /// <summary>Refuses a box that does not lie within a picture.</summary>
    /// <param name="path">The picture's file, for the message.</param>
    /// <param name="width">Of the upright picture.</param>
    /// <param name="height">Of the upright picture.</param>
    /// <exception cref="InvalidDataException">It does not, or is too small for a face.</exception>
    internal void RequireWithin(string path, int width, int height)
    {
        bool fits = Left >= 0
            && Top >= 0
            && Math.Min(Width, Height) >= FaceImage.SmallestSide
            && (long)Left + Width <= width
            && (long)Top + Height <= height;
        if (!fits)
        {
            throw new InvalidDataException(
                $"{path}: the face's box {this} (left, top, width, height) does not lie in the "
                + $"upright picture of {width} x {height} pixels; "
                + $"expected a part of it of at least {FaceImage.SmallestSide} x {FaceImage.SmallestSide}.");
        }
    }

    /// <summary>The same box in the picture as stored.</summary>
    /// <param name="orientation">EXIF orientation, 1 to 8.</param>
    /// <param name="width">Of the stored picture.</param>
    /// <param name="height">Of the stored picture.</param>
    internal FaceBox Stored(int orientation, int width, int height)
    {
        // Column and row counted from the other end.
        int right = (orientation >= 5 ? height : width) - Left - Width, bottom = (orientation >= 5 ? width : height) - Top - Height;
        return orientation switch
        {
            2 => new(right, Top, Width, Height),
            3 => new(right, bottom, Width, Height),
            4 => new(Left, bottom, Width, Height),
            5 => new(Top, Left, Height, Width),
            6 => new(Top, right, Height, Width),
            7 => new(bottom, right, Height, Width),
            8 => new(bottom, Left, Height, Width),
            _ => this,
        };
    }
}
