namespace CrossModalVae.Faces;

/// <summary>A decoded face: upright RGB pixels. Immutable.</summary>
public sealed class FaceImage
{
    /// <summary>The smallest width and height of a face, in pixels; below it no face is recognisable.</summary>
    public const int SmallestSide = 8;

    /// <summary>The largest number of pixels, which bounds the memory of corrupt files: 2^26, 200 MB decoded.</summary>
    public const int LargestPixelCount = 1 << 26;

    private readonly byte[] _pixels; // [Height, Width, 3]

    /// <summary>A face from pixels in memory, which are copied.</summary>
    /// <param name="pixels">[height, width, 3] row-major: red, green, blue, 0 to 255.</param>
    /// <param name="width">In pixels, at least <see cref="SmallestSide"/>.</param>
    /// <param name="height">In pixels, at least <see cref="SmallestSide"/>.</param>
    /// <exception cref="ArgumentException">A side is too small, there are too many pixels, or their number is not width x height x
    /// 3.</exception>
    public FaceImage(ReadOnlySpan<byte> pixels, int width, int height)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, SmallestSide);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, SmallestSide);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((long)width * height, LargestPixelCount, nameof(width));
        if (pixels.Length != 3 * width * height)
        {
            throw new ArgumentException(
                $"'{nameof(pixels)}' has {pixels.Length} bytes; must be {width} x {height} x 3 = {3 * width * height}.", nameof(pixels));
        }

        (Width, Height, _pixels) = (width, height, pixels.ToArray());
    }

    private FaceImage(byte[] pixels, int width, int height) => (Width, Height, _pixels) = (width, height, pixels);

    /// <summary>In pixels.</summary>
    public int Width { get; }

    /// <summary>In pixels.</summary>
    public int Height { get; }

    /// <summary>[Height, Width, 3] row-major: red, green, blue, 0 to 255.</summary>
    public ReadOnlySpan<byte> Pixels => _pixels;

    /// <summary>Reads a complete JPEG or PNG file and turns it upright by its EXIF orientation. Alpha is dropped.</summary>
    /// <param name="path">The file; its content decides its format, not its name.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="IOException">The path is a folder or cannot be read.</exception>
    /// <exception cref="InvalidDataException">The file is empty, of another format, truncated, broken, smaller than
    /// <see cref="SmallestSide"/> on a side or larger than <see cref="LargestPixelCount"/>; the message names file, found and
    /// expected.</exception>
    public static FaceImage Load(string path) => Load(path, CancellationToken.None);

    /// <summary>As <see cref="Load(string)"/>, with a way to stop a decoder.</summary>
    /// <param name="path">The file; its content decides its format, not its name.</param>
    /// <param name="cancellationToken">Stops the decoder.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="IOException">The path is a folder or cannot be read.</exception>
    /// <exception cref="InvalidDataException">As <see cref="Load(string)"/>.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static FaceImage Load(string path, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return new FaceReader(cancellationToken).ReadImage(path, null);
    }

    /// <summary>The sides of a picture in memory, as its header has them, without decoding it.</summary>
    /// <param name="picture">The bytes of a JPEG or PNG file.</param>
    /// <param name="name">What messages call it.</param>
    /// <returns>Width and height in pixels, before the picture is turned upright.</returns>
    /// <exception cref="InvalidDataException">The bytes do not begin as such a picture, or its sides are out of range.</exception>
    public static (int Width, int Height) ReadSize(ReadOnlySpan<byte> picture, string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return FaceFile.ReadSize(name, picture);
    }

    /// <summary>A face that takes over its pixels.</summary>
    internal static FaceImage Of(byte[] pixels, int width, int height) => new(pixels, width, height);

    /// <summary>The part of the picture in a box; what lies outside of the picture is black.</summary>
    internal FaceImage Crop(FaceBox box)
    {
        var pixels = new byte[3 * box.Width * box.Height];
        int left = Math.Max(0, box.Left), count = Math.Min(Width, box.Left + box.Width) - left;
        for (int y = Math.Max(0, -box.Top); y < Math.Min(box.Height, Height - box.Top); y++)
        {
            Pixels.Slice(3 * (((box.Top + y) * Width) + left), 3 * count)
                .CopyTo(pixels.AsSpan(3 * ((y * box.Width) + left - box.Left)));
        }

        return Of(pixels, box.Width, box.Height);
    }
}
