namespace SixLabors.ImageSharp.PixelFormats;

public struct L8 : IPixel<L8>
{
    public L8(byte luminance) => PackedValue = luminance;

    public byte PackedValue { get; set; }

    public static bool operator ==(L8 left, L8 right) => left.Equals(right);

    public static bool operator !=(L8 left, L8 right) => !left.Equals(right);

    public void FromL8(L8 source) => this = source;

    // ITU-R BT.709, as in the genuine package.
    public void FromRgb24(Rgb24 source) =>
        PackedValue = (byte)((source.R * .2126F) + (source.G * .7152F) + (source.B * .0722F) + 0.5F);

    public override readonly bool Equals(object? obj) => obj is L8 other && Equals(other);

    public readonly bool Equals(L8 other) => PackedValue == other.PackedValue;

    public override readonly int GetHashCode() => PackedValue.GetHashCode();

    public override readonly string ToString() => $"L8({PackedValue})";
}
