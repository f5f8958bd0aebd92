using System.Buffers.Binary;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats.Jpeg;
using SixLabors.ImageSharp.PixelFormats;

namespace Compat.Tests.ImageSharp;

/// <summary>Small pictures, and the files they make.</summary>
internal static class TestImages
{
    /// <summary>Smooth in both directions, another ramp for each channel, so that JPEG loses little and every orientation looks different.</summary>
    public static Image<Rgb24> Ramp(int width, int height)
    {
        var image = new Image<Rgb24>(width, height);
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                image[x, y] = RampPixel(x, y);
            }
        }

        return image;
    }

    public static Rgb24 RampPixel(int x, int y) => new((byte)(40 + (3 * x)), (byte)(60 + (3 * y)), (byte)(230 - (3 * x)));

    public static byte[] Jpeg(Image image, int quality = 100)
    {
        using var stream = new MemoryStream();
        image.SaveAsJpeg(stream, new JpegEncoder { Quality = quality });
        return stream.ToArray();
    }

    public static byte[] Png(Image image)
    {
        using var stream = new MemoryStream();
        image.SaveAsPng(stream);
        return stream.ToArray();
    }

    /// <summary>Puts an EXIF block with an orientation right behind a JPEG's start-of-image marker.</summary>
    public static byte[] WithOrientation(byte[] jpeg, ushort orientation, bool little)
    {
        byte[] tiff = new byte[26];
        (little ? "II"u8 : "MM"u8).CopyTo(tiff);
        Write16(tiff, 2, 42);
        Write32(tiff, 4, 8);
        Write16(tiff, 8, 1);
        Write16(tiff, 10, 0x0112);
        Write16(tiff, 12, 3);
        Write32(tiff, 14, 1);
        Write16(tiff, 18, orientation);

        byte[] segment = [0xFF, 0xE1, 0, (byte)(2 + 6 + tiff.Length), .. "Exif\0\0"u8, .. tiff];
        return [.. jpeg.AsSpan(0, 2), .. segment, .. jpeg.AsSpan(2)];

        void Write16(byte[] target, int at, ushort value)
        {
            if (little)
            {
                BinaryPrimitives.WriteUInt16LittleEndian(target.AsSpan(at), value);
            }
            else
            {
                BinaryPrimitives.WriteUInt16BigEndian(target.AsSpan(at), value);
            }
        }

        void Write32(byte[] target, int at, uint value)
        {
            if (little)
            {
                BinaryPrimitives.WriteUInt32LittleEndian(target.AsSpan(at), value);
            }
            else
            {
                BinaryPrimitives.WriteUInt32BigEndian(target.AsSpan(at), value);
            }
        }
    }

    public static int LargestDifference(Rgb24 a, Rgb24 b) => Math.Max(Math.Abs(a.R - b.R), Math.Max(Math.Abs(a.G - b.G), Math.Abs(a.B - b.B)));
}
