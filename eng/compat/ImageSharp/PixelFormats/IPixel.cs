namespace SixLabors.ImageSharp.PixelFormats;

public interface IPixel
{
    void FromL8(L8 source);

    void FromRgb24(Rgb24 source);
}
