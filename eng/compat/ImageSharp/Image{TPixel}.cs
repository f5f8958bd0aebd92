using System.Buffers;
using System.Runtime.InteropServices;
using SixLabors.ImageSharp.PixelFormats;

namespace SixLabors.ImageSharp;

public sealed class Image<TPixel> : Image
    where TPixel : unmanaged, IPixel<TPixel>
{
    private TPixel[]? _pixels; // rented, so at least [Height, Width]

    public Image(int width, int height)
        : this(width, height, clear: true)
    {
    }

    internal Image(int width, int height, bool clear)
        : base(width, height)
    {
        int count = checked(width * height);
        _pixels = ArrayPool<TPixel>.Shared.Rent(count);
        if (clear)
        {
            _pixels.AsSpan(0, count).Clear();
        }
    }

    internal Span<TPixel> Pixels
    {
        get
        {
            ObjectDisposedException.ThrowIf(_pixels is null, this);
            return _pixels.AsSpan(0, Width * Height);
        }
    }

    public TPixel this[int x, int y]
    {
        get => Pixels[Index(x, y)];
        set => Pixels[Index(x, y)] = value;
    }

    public void ProcessPixelRows(PixelAccessorAction<TPixel> processPixels)
    {
        ArgumentNullException.ThrowIfNull(processPixels);
        processPixels(new PixelAccessor<TPixel>(Pixels, Width, Height));
    }

    public void CopyPixelDataTo(Span<TPixel> destination) => Pixels.CopyTo(destination);

    public void CopyPixelDataTo(Span<byte> destination) => MemoryMarshal.AsBytes(Pixels).CopyTo(destination);

    public override string ToString() => $"Image<{typeof(TPixel).Name}>: {Width}x{Height}";

    protected override void Dispose(bool disposing)
    {
        if (disposing && _pixels is not null)
        {
            ArrayPool<TPixel>.Shared.Return(_pixels);
            _pixels = null;
        }
    }

    internal override ReadOnlySpan<byte> EncoderBytes(out bool grey)
    {
        grey = typeof(TPixel) == typeof(L8);
        return MemoryMarshal.AsBytes(Pixels);
    }

    /// <summary>Brings the image upright by the EXIF orientation it was stored with, once.</summary>
    internal override void Orient()
    {
        int orientation = Source.Orientation;
        Span<TPixel> source = Pixels;
        if (orientation is < 2 or > 8)
        {
            return;
        }

        (int width, int height) = (Width, Height);
        bool swapped = orientation >= 5;
        (int uprightWidth, int uprightHeight) = swapped ? (height, width) : (width, height);
        TPixel[] upright = ArrayPool<TPixel>.Shared.Rent(source.Length);
        for (int y = 0; y < uprightHeight; y++)
        {
            for (int x = 0; x < uprightWidth; x++)
            {
                (int sx, int sy) = orientation switch
                {
                    2 => (width - 1 - x, y),
                    3 => (width - 1 - x, height - 1 - y),
                    4 => (x, height - 1 - y),
                    5 => (y, x),
                    6 => (y, height - 1 - x),
                    7 => (width - 1 - y, height - 1 - x),
                    _ => (width - 1 - y, x),
                };
                upright[(y * uprightWidth) + x] = source[(sy * width) + sx];
            }
        }

        ArrayPool<TPixel>.Shared.Return(_pixels!);
        _pixels = upright;
        (Width, Height) = (uprightWidth, uprightHeight);
        Source = Source with { Orientation = 1 };
    }

    private int Index(int x, int y)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(x);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(x, Width);
        ArgumentOutOfRangeException.ThrowIfNegative(y);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(y, Height);
        return (y * Width) + x;
    }
}
