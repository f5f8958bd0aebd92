using CrossModalVae.Encoders;

namespace CrossModalVae.Faces;

/// <summary>
/// The part of a frame that an encoder sees: a square of <see cref="FaceEncoderOptions.BoxMargin"/> around the middle of the face's box, or
/// without a box the square of <see cref="FaceEncoderOptions.CenterShare"/> in the middle of the frame. Without an encoder, the box or the
/// whole frame.
/// </summary>
internal static class SquareCrop
{
    /// <summary>The part of an upright frame of a size; with an encoder a square that may reach beyond the frame.</summary>
    public static FaceBox Of(FaceBox? box, int width, int height, FaceEncoderOptions? encoder)
    {
        FaceBox part = box ?? new FaceBox(0, 0, width, height);
        if (encoder is null)
        {
            return part;
        }

        double wanted = box is null
            ? encoder.CenterShare * Math.Min(width, height)
            : (1 + encoder.BoxMargin) * Math.Max(part.Width, part.Height);
        int side = Math.Max(FaceImage.SmallestSide, (int)Math.Round(wanted));
        return new FaceBox(Middle(part.Left, part.Width, side), Middle(part.Top, part.Height, side), side, side);
    }

    /// <summary>The part of a frame in memory.</summary>
    public static FaceImage Of(FaceImage image, FaceOptions options) =>
        options.Encoder is null ? image : image.Crop(Of(null, image.Width, image.Height, options.Encoder));

    /// <summary>Whether a part lies within a frame.</summary>
    public static bool IsWithin(FaceBox part, int width, int height) =>
        part.Left >= 0 && part.Top >= 0 && part.Left + part.Width <= width && part.Top + part.Height <= height;

    private static int Middle(int start, int length, int side) => start + (int)Math.Floor((length - side) / 2.0);
}
