namespace CrossModalVae.Faces;

/// <summary>A square crop of frames.</summary>
/// <param name="CenterShare">Where there is no box: its side as a share of the frame's shorter side.</param>
/// <param name="BoxMargin">Where there is one: how much longer its side is than the box's longer side.</param>
internal readonly record struct FaceSquare(double CenterShare, double BoxMargin);

/// <summary>
/// The part of a frame that is seen: a square of <see cref="FaceSquare.BoxMargin"/> around the middle of the face's box, or without a box
/// the square of <see cref="FaceSquare.CenterShare"/> in the middle of the frame; where no square is asked for, the box or the whole frame.
/// </summary>
internal static class SquareCrop
{
    /// <summary>The part of an upright frame of a size; a square may reach beyond the frame.</summary>
    public static FaceBox Of(FaceBox? box, int width, int height, FaceSquare? square)
    {
        FaceBox part = box ?? new FaceBox(0, 0, width, height);
        if (square is not FaceSquare wish)
        {
            return part;
        }

        double wanted = box is null
            ? wish.CenterShare * Math.Min(width, height)
            : (1 + wish.BoxMargin) * Math.Max(part.Width, part.Height);
        int side = Math.Max(FaceImage.SmallestSide, (int)Math.Round(wanted));
        return new FaceBox(Middle(part.Left, part.Width, side), Middle(part.Top, part.Height, side), side, side);
    }

    /// <summary>The part of a frame in memory.</summary>
    public static FaceImage Of(FaceImage image, FaceOptions options) =>
        options.Square is null ? image : image.Crop(Of(null, image.Width, image.Height, options.Square));

    /// <summary>Whether a part lies within a frame.</summary>
    public static bool IsWithin(FaceBox part, int width, int height) =>
        part.Left >= 0 && part.Top >= 0 && part.Left + part.Width <= width && part.Top + part.Height <= height;

    private static int Middle(int start, int length, int side) => start + (int)Math.Floor((length - side) / 2.0);
}
