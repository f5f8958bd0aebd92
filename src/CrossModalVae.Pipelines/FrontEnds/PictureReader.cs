using System.Runtime.CompilerServices;
using CrossModalVae.Faces;

namespace CrossModalVae.Pipelines.FrontEnds;

/// <summary>Reads a column of ML.NET's pictures, as copies, because ML.NET's loader disposes a picture at the next row.</summary>
internal static class PictureReader
{
    private const int BytesPerPixel = 4;

    /// <summary>The current row's picture; null where there is none.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)] // its caller runs without the pictures' assembly
    public static Func<FaceImage?> Of(DataViewRow input, DataViewSchema.Column column)
    {
        ValueGetter<MLImage?> getter = input.GetGetter<MLImage?>(column);
        MLImage? picture = null; // the same variable each row: by it the loader finds the picture that it made before
        return () =>
        {
            getter(ref picture);
            return picture is null ? null : Copy(picture, ExtractionBlock.RowName(column.Name, input));
        };
    }

    private static FaceImage Copy(MLImage picture, string name)
    {
        (int width, int height) = (picture.Width, picture.Height);
        if (Math.Min(width, height) < FaceImage.SmallestSide || (long)width * height > FaceImage.LargestPixelCount)
        {
            throw new InvalidDataException(string.Create(
                CultureInfo.InvariantCulture,
                $"{name}: is a picture of {width} x {height} pixels; "
                + $"expected at least {FaceImage.SmallestSide} a side and at most {FaceImage.LargestPixelCount} in all."));
        }

        (int red, int blue) = picture.PixelFormat == MLPixelFormat.Rgba32 ? (0, 2) : (2, 0);
        ReadOnlySpan<byte> source = picture.Pixels; // [height, width, 4]
        var pixels = new byte[3 * width * height]; // [height, width, 3]
        for (int i = 0; i < width * height; i++)
        {
            ReadOnlySpan<byte> pixel = source.Slice(i * BytesPerPixel, BytesPerPixel);
            (pixels[3 * i], pixels[(3 * i) + 1], pixels[(3 * i) + 2]) = (pixel[red], pixel[1], pixel[blue]);
        }

        GC.KeepAlive(picture); // its pixels are native memory, which the collector may free once nothing holds it
        return new FaceImage(pixels, width, height);
    }
}
