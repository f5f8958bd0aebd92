using System.Runtime.InteropServices;
using CrossModalVae.Files;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;
using SixLabors.ImageSharp.Processing;

namespace CrossModalVae.Faces;

/// <summary>A decoded face: upright RGB pixels. Immutable.</summary>
public sealed class FaceImage
{
    /// <summary>The smallest width and height of a face, in pixels; below it nothing of a face is left to see.</summary>
    public const int SmallestSide = 8;

    /// <summary>The largest number of pixels, so that a few corrupt bytes cannot ask for gigabytes: 2^26, 200 MB decoded.</summary>
    public const int LargestPixelCount = 1 << 26;

    // More than the largest picture takes as an uncompressed PNG with alpha.
    private const long LargestFileBytes = 5L * LargestPixelCount;

    private readonly byte[] _pixels; // [Height, Width, 3]

    /// <summary>A face from pixels in memory; they are copied.</summary>
    /// <param name="pixels">[height, width, 3] row-major: red, green, blue, 0 to 255.</param>
    /// <param name="width">In pixels, at least <see cref="SmallestSide"/>.</param>
    /// <param name="height">In pixels, at least <see cref="SmallestSide"/>.</param>
    /// <exception cref="ArgumentException">A side is too small, there are too many pixels, or their number is another than width x height x 3.</exception>
    public FaceImage(ReadOnlySpan<byte> pixels, int width, int height)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, SmallestSide);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, SmallestSide);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((long)width * height, LargestPixelCount, nameof(width));
        if (pixels.Length != 3 * width * height)
        {
            throw new ArgumentException($"'{nameof(pixels)}' has {pixels.Length} bytes; must be {width} x {height} x 3 = {3 * width * height}.", nameof(pixels));
        }

        (Width, Height, _pixels) = (width, height, pixels.ToArray());
    }

    private FaceImage(Image<Rgb24> image)
    {
        (Width, Height) = (image.Width, image.Height);
        _pixels = new byte[3 * Width * Height];
        image.CopyPixelDataTo(_pixels);
    }

    /// <summary>In pixels.</summary>
    public int Width { get; }

    /// <summary>In pixels.</summary>
    public int Height { get; }

    /// <summary>[Height, Width, 3] row-major: red, green, blue, 0 to 255.</summary>
    public ReadOnlySpan<byte> Pixels => _pixels;

    /// <summary>Reads a JPEG or PNG file, whole or not at all, and turns it upright by its EXIF orientation. Alpha is dropped.</summary>
    /// <param name="path">The file; its kind is told by its content, not by its name.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="IOException">The path is a folder or cannot be read.</exception>
    /// <exception cref="InvalidDataException">The file is empty, of another kind, truncated, broken, smaller than <see cref="SmallestSide"/> on a side or larger
    /// than <see cref="LargestPixelCount"/>; the message names it, what was found and what was expected.</exception>
    public static FaceImage Load(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using Image<Rgb24> image = Decode(path);
        return new FaceImage(image);
    }

    /// <summary>As <see cref="Load"/>, without a copy of the pixels; the caller disposes.</summary>
    internal static Image<Rgb24> Decode(string path)
    {
        byte[] file = Read(path);
        FaceFile.Check(path, file);
        try
        {
            Image<Rgb24> image = Image.Load<Rgb24>(file);
            image.Mutate(x => x.AutoOrient());
            return image;
        }
        catch (Exception e) when (e is ImageFormatException or NotSupportedException)
        {
            throw new InvalidDataException($"{path}: cannot be decoded: {e.Message.Trim().TrimEnd('.')}; {FaceFile.Expected}.", e);
        }
    }

    private static byte[] Read(string path)
    {
        using FileStream stream = InputFile.Open(path, FaceFile.Wanted);
        if (stream.Length > LargestFileBytes)
        {
            throw new InvalidDataException($"{path}: has {stream.Length} bytes; expected {FaceFile.Wanted} of at most {LargestFileBytes} bytes.");
        }

        // Past the stream's buffer, which is larger than most faces.
        var file = new byte[stream.Length];
        int count = 0;
        while (count < file.Length && RandomAccess.Read(stream.SafeFileHandle, file.AsSpan(count), count) is > 0 and int read)
        {
            count += read;
        }

        return count == file.Length ? file : file[..count];
    }

    /// <summary>One row as bytes, [Width x 3].</summary>
    internal static ReadOnlySpan<byte> Row(PixelAccessor<Rgb24> rows, int y) => MemoryMarshal.AsBytes(rows.GetRowSpan(y));
}
