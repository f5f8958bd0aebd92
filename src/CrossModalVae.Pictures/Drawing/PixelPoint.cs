namespace CrossModalVae.Pictures.Drawing;

/// <summary>A place in a picture, in pixels at scale 1 from the upper left corner; the middle of the first pixel is (0.5, 0.5).</summary>
internal readonly record struct PixelPoint(double X, double Y)
{
    public PixelPoint Scaled(double scale) => new(X * scale, Y * scale);
}
