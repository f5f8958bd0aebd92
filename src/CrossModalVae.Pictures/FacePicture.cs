using CrossModalVae.Faces;
using SkiaSharp;

namespace CrossModalVae.Pictures;

/// <summary>A face alone, such as a decoder's, enlarged smoothly.</summary>
public static class FacePicture
{
    /// <summary>The longer side where nothing else is asked for, in pixels at scale 1.</summary>
    public const int StandardSide = 256;

    /// <summary>Draws a face.</summary>
    /// <param name="face">The face.</param>
    /// <param name="side">The longer side, in pixels at scale 1, 8 to 4096. Default <see cref="StandardSide"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The side is out of range.</exception>
    public static Picture Draw(FaceImage face, int side = StandardSide)
    {
        ArgumentNullException.ThrowIfNull(face);
        ArgumentOutOfRangeException.ThrowIfLessThan(side, 8);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(side, 4096);
        double scale = (double)side / Math.Max(face.Width, face.Height);
        using var sheet = new Sheet(Math.Max(1, Math.Round(scale * face.Width)), Math.Max(1, Math.Round(scale * face.Height)));
        new Brush(sheet).Whole(face, SKRect.Create((float)sheet.Width, (float)sheet.Height));
        return sheet.Finish();
    }
}
