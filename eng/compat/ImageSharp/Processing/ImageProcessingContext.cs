namespace SixLabors.ImageSharp.Processing;

/// <summary>Operations apply at once, in the order of the calls.</summary>
internal sealed class ImageProcessingContext(Image image) : IImageProcessingContext
{
    public Image Image { get; } = image;
}
