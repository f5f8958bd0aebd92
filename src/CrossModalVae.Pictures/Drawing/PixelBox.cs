namespace CrossModalVae.Pictures.Drawing;

/// <summary>An upright rectangle in pixels at scale 1.</summary>
internal readonly record struct PixelBox(double Left, double Top, double Right, double Bottom)
{
    public double Width => Right - Left;

    public double Height => Bottom - Top;

    public PixelPoint[] Corners => [new(Left, Top), new(Right, Top), new(Right, Bottom), new(Left, Bottom)];

    public bool Overlaps(PixelBox other) => Left < other.Right && other.Left < Right && Top < other.Bottom && other.Top < Bottom;
}
