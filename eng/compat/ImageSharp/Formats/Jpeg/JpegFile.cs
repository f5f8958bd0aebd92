using System.Buffers;
using System.Runtime.InteropServices;
using SixLabors.ImageSharp.PixelFormats;

namespace SixLabors.ImageSharp.Formats.Jpeg;

/// <summary>Decodes JPEG by libturbojpeg. Stricter than the genuine decoder: what libjpeg warns about is refused rather than filled in.</summary>
internal static unsafe class JpegFile
{
    // A block of 64 pixels takes at least one bit of some scan (512 pixels a byte); fourfold slack for odd samplings.
    private const long PixelsPerByte = 2048;

    private const TurboFlags Flags = TurboFlags.FastUpsample | TurboFlags.AccurateDct | TurboFlags.LimitScans;

    // The one warning that says nothing of the pixels; old cameras write such files.
    private const string HarmlessWarning = "Warning: unknown JFIF revision number";

    public static Image<TPixel> Decode<TPixel>(ReadOnlySpan<byte> file, Size? target = null)
        where TPixel : unmanaged, IPixel<TPixel>
    {
        JpegHeader header = JpegHeader.Read(file);
        ImageFile.CheckDimensions(header.Width, header.Height, PixelsPerByte * file.Length);
        if (target is Size size)
        {
            header = Scaled(header, size);
        }

        var image = new Image<TPixel>(header.Width, header.Height, clear: false)
        {
            Source = new SourceFile(header.Orientation, header.Sampling),
        };
        try
        {
            if (header.ComponentCount == 4)
            {
                DecodeCmyk(file, header, image.Pixels);
            }
            else if (typeof(TPixel) == typeof(Rgb24))
            {
                Decompress(file, header, MemoryMarshal.AsBytes(image.Pixels), TurboPixels.Rgb);
            }
            else
            {
                DecodeByRgb(file, header, image.Pixels);
            }

            return image;
        }
        catch
        {
            image.Dispose();
            throw;
        }
    }

    // libturbojpeg takes the scale from the size that is asked for.
    private static JpegHeader Scaled(JpegHeader header, Size target)
    {
        foreach (int side in (ReadOnlySpan<int>)[1, 2, 4])
        {
            (int width, int height) = (((header.Width * side) + 7) / 8, ((header.Height * side) + 7) / 8);
            if (width >= target.Width && height >= target.Height)
            {
                return header with { Width = width, Height = height };
            }
        }

        return header;
    }

    private static void DecodeByRgb<TPixel>(ReadOnlySpan<byte> file, JpegHeader header, Span<TPixel> pixels)
        where TPixel : unmanaged, IPixel<TPixel>
    {
        Rgb24[] rgb = ArrayPool<Rgb24>.Shared.Rent(pixels.Length); // [Height, Width]
        try
        {
            Decompress(file, header, MemoryMarshal.AsBytes(rgb.AsSpan(0, pixels.Length)), TurboPixels.Rgb);
            for (int i = 0; i < pixels.Length; i++)
            {
                pixels[i].FromRgb24(rgb[i]);
            }
        }
        finally
        {
            ArrayPool<Rgb24>.Shared.Return(rgb);
        }
    }

    private static void DecodeCmyk<TPixel>(ReadOnlySpan<byte> file, JpegHeader header, Span<TPixel> pixels)
        where TPixel : unmanaged, IPixel<TPixel>
    {
        byte[] cmyk = ArrayPool<byte>.Shared.Rent(4 * pixels.Length); // [Height, Width, 4]
        try
        {
            Decompress(file, header, cmyk.AsSpan(0, 4 * pixels.Length), TurboPixels.Cmyk);
            for (int i = 0; i < pixels.Length; i++)
            {
                ReadOnlySpan<byte> ink = cmyk.AsSpan(4 * i, 4); // stored inverted: 255 is no ink
                pixels[i].FromRgb24(new Rgb24(Mix(ink[0], ink[3]), Mix(ink[1], ink[3]), Mix(ink[2], ink[3])));
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(cmyk);
        }
    }

    private static byte Mix(byte colour, byte key) => (byte)(((colour * key) + 127) / 255);

    private static void Decompress(ReadOnlySpan<byte> file, JpegHeader header, Span<byte> destination, TurboPixels pixels)
    {
        nint handle = TurboJpeg.InitDecompress();
        if (handle == 0)
        {
            throw new InvalidOperationException($"libturbojpeg cannot start a decoder: {TurboJpeg.LastError(0)}");
        }

        try
        {
            string? failure = Decompress(handle, file, header, destination, pixels, TurboFlags.StopOnWarning);
            if (failure is not null && IsHarmless(failure))
            {
                failure = Decompress(handle, file, header, destination, pixels, default); // stopped at the harmless one; what else is there?
            }

            if (failure is not null && !IsHarmless(failure))
            {
                throw new InvalidImageContentException(failure);
            }
        }
        finally
        {
            _ = TurboJpeg.Destroy(handle);
        }

        static bool IsHarmless(string message) => message.StartsWith(HarmlessWarning, StringComparison.Ordinal);
    }

    /// <summary>Null, or the last error or warning.</summary>
    private static string? Decompress(nint handle, ReadOnlySpan<byte> file, JpegHeader header, Span<byte> destination, TurboPixels pixels, TurboFlags flags)
    {
        fixed (byte* source = file)
        fixed (byte* target = destination)
        {
            int result = TurboJpeg.Decompress(
                handle, source, new CULong((nuint)file.Length), target, header.Width, 0, header.Height, pixels, Flags | flags);
            return result == 0 ? null : TurboJpeg.LastError(handle);
        }
    }
}
