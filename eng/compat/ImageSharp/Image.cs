using System.Runtime.InteropServices;
using SixLabors.ImageSharp.Formats;
using SixLabors.ImageSharp.PixelFormats;

namespace SixLabors.ImageSharp;

public abstract class Image : IDisposable
{
    private protected Image(int width, int height)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        Width = width;
        Height = height;
    }

    public int Width { get; internal set; }

    public int Height { get; internal set; }

    /// <summary>What the file said of itself; the default for an image that was not decoded.</summary>
    internal SourceFile Source { get; set; } = new();

    public static Image<TPixel> Load<TPixel>(string path)
        where TPixel : unmanaged, IPixel<TPixel> => ImageFile.Decode<TPixel>(File.ReadAllBytes(path));

    public static Image<TPixel> Load<TPixel>(Stream stream)
        where TPixel : unmanaged, IPixel<TPixel>
    {
        ArgumentNullException.ThrowIfNull(stream);
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return ImageFile.Decode<TPixel>(bytes.GetBuffer().AsSpan(0, (int)bytes.Length));
    }

    public static Image<TPixel> Load<TPixel>(ReadOnlySpan<byte> data)
        where TPixel : unmanaged, IPixel<TPixel>
    {
        if (data.IsEmpty)
        {
            // The genuine one pins the span, and nothing pinned is a null pointer to it; an empty stream is a file of an unknown format instead.
            throw new ArgumentNullException(nameof(data));
        }

        return ImageFile.Decode<TPixel>(data);
    }

    public static Image<TPixel> LoadPixelData<TPixel>(ReadOnlySpan<byte> data, int width, int height)
        where TPixel : unmanaged, IPixel<TPixel> => LoadPixelData(MemoryMarshal.Cast<byte, TPixel>(data), width, height);

    public static Image<TPixel> LoadPixelData<TPixel>(ReadOnlySpan<TPixel> data, int width, int height)
        where TPixel : unmanaged, IPixel<TPixel>
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(data.Length, (long)width * height, nameof(data));
        var image = new Image<TPixel>(width, height);
        data[..(width * height)].CopyTo(image.Pixels);
        return image;
    }

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected abstract void Dispose(bool disposing);

    /// <summary>The pixels as the encoders take them: [Height, Width, 3] for colour, [Height, Width] for grey.</summary>
    internal abstract ReadOnlySpan<byte> EncoderBytes(out bool grey);

    internal abstract void Orient();
}
