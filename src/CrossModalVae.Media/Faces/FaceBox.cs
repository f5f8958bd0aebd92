namespace CrossModalVae.Faces;

/// <summary>A face's bounding box, in pixels of the picture turned upright by its EXIF orientation, as detectors see it.</summary>
/// <param name="Left">The first column, at least 0.</param>
/// <param name="Top">The first row, at least 0.</param>
/// <param name="Width">Columns, at least <see cref="FaceImage.SmallestSide"/>.</param>
/// <param name="Height">Rows, at least <see cref="FaceImage.SmallestSide"/>.</param>
public readonly record struct FaceBox(int Left, int Top, int Width, int Height)
{
    /// <summary>Left, top, width and height as messages show them.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"[{Left}, {Top}, {Width}, {Height}]");

    /// <exception cref="InvalidDataException">The box is not within an upright picture of this size, or is too small.</exception>
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

    /// <summary>The same box in the picture as stored, of this size.</summary>
    internal FaceBox Stored(int orientation, int width, int height)
    {
        (int x1, int y1) = ExifOrientation.Stored(orientation, Left, Top, width, height);
        (int x2, int y2) = ExifOrientation.Stored(orientation, Left + Width - 1, Top + Height - 1, width, height);
        return new(Math.Min(x1, x2), Math.Min(y1, y2), Math.Abs(x2 - x1) + 1, Math.Abs(y2 - y1) + 1);
    }
}
