using System.IO.Compression;
using SixLabors.ImageSharp.PixelFormats;

namespace SixLabors.ImageSharp.Formats.Png;

/// <summary>Decodes PNG (specification, 2nd edition): every colour type and depth, Adam7 too; alpha is dropped, as for every opaque pixel type.</summary>
internal static class PngDecoder
{
    // Deflate's best is 1032:1 (258 bytes for two bits).
    private const long LargestExpansion = 1032;

    private static readonly (int X, int Y, int StepX, int StepY)[] Adam7 =
        [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)];

    private static readonly (int X, int Y, int StepX, int StepY)[] OnePass = [(0, 0, 1, 1)];

    public static Image<TPixel> Decode<TPixel>(ReadOnlySpan<byte> file)
        where TPixel : unmanaged, IPixel<TPixel>
    {
        PngHeader header = ReadChunks(file, out byte[] palette, out int orientation, out MemoryStream data);
        using (data)
        {
            long rawBytes = (long)header.RowBytes(header.Width) * header.Height;
            if (rawBytes > LargestExpansion * data.Length)
            {
                throw new InvalidImageContentException("PNG image data ends too early.");
            }

            var image = new Image<TPixel>(header.Width, header.Height, clear: false) { Source = new SourceFile(orientation) };
            try
            {
                using var zlib = new ZLibStream(data, CompressionMode.Decompress);
                foreach ((int x, int y, int stepX, int stepY) in header.Interlaced ? Adam7 : OnePass)
                {
                    ReadPass(zlib, header, palette, image, (x, y, stepX, stepY));
                }

                return image;
            }
            catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
            {
                image.Dispose();
                throw new InvalidImageContentException("PNG image data is broken or ends too early.", e);
            }
            catch
            {
                image.Dispose();
                throw;
            }
        }
    }

    private static PngHeader ReadChunks(ReadOnlySpan<byte> file, out byte[] palette, out int orientation, out MemoryStream data)
    {
        ReadOnlySpan<byte> rest = file[PngFile.Signature.Length..];
        ReadOnlySpan<byte> first = PngFile.ReadChunk(ref rest, out ReadOnlySpan<byte> type);
        PngHeader header = PngHeader.Read(type.SequenceEqual("IHDR"u8) ? first : []);
        palette = [];
        orientation = 0;
        data = new MemoryStream();
        while (!type.SequenceEqual("IEND"u8))
        {
            ReadOnlySpan<byte> chunk = PngFile.ReadChunk(ref rest, out type);
            if (type.SequenceEqual("IDAT"u8))
            {
                data.Write(chunk);
            }
            else if (type.SequenceEqual("PLTE"u8))
            {
                palette = chunk.ToArray();
            }
            else if (type.SequenceEqual("eXIf"u8))
            {
                orientation = Exif.Orientation(chunk);
            }
        }

        data.Position = 0;
        return header.Colour == PngColour.Palette && palette.Length < 3
            ? throw new InvalidImageContentException("PNG Image does not contain a palette chunk.")
            : header;
    }

    private static void ReadPass<TPixel>(
        ZLibStream zlib, PngHeader header, byte[] palette, Image<TPixel> image, (int X, int Y, int StepX, int StepY) pass)
        where TPixel : unmanaged, IPixel<TPixel>
    {
        int width = (header.Width - pass.X + pass.StepX - 1) / pass.StepX;
        int height = (header.Height - pass.Y + pass.StepY - 1) / pass.StepY;
        if (width <= 0 || height <= 0)
        {
            return;
        }

        int distance = Math.Max(1, header.BitsPerPixel / 8);
        byte[] row = new byte[header.RowBytes(width)];
        byte[] above = new byte[row.Length];
        for (int y = 0; y < height; y++)
        {
            int filter = zlib.ReadByte();
            zlib.ReadExactly(row);
            Unfilter(filter, row, above, distance);
            Span<TPixel> target = image.Pixels.Slice((pass.Y + (y * pass.StepY)) * header.Width, header.Width);
            for (int x = 0; x < width; x++)
            {
                target[pass.X + (x * pass.StepX)].FromRgb24(Pixel(header, row, palette, x));
            }

            (row, above) = (above, row);
        }
    }

    private static void Unfilter(int filter, Span<byte> row, ReadOnlySpan<byte> above, int distance)
    {
        if (filter is < 0 or > 4)
        {
            throw filter < 0 ? new EndOfStreamException() : new InvalidImageContentException("Unknown filter type.");
        }

        for (int i = 0; i < row.Length && filter != 0; i++)
        {
            int left = i < distance ? 0 : row[i - distance];
            int up = above[i];
            int corner = i < distance ? 0 : above[i - distance];
            row[i] += (byte)(filter switch
            {
                1 => left,
                2 => up,
                3 => (left + up) / 2,
                _ => Paeth(left, up, corner),
            });
        }
    }

    private static int Paeth(int left, int up, int corner)
    {
        int estimate = left + up - corner;
        (int toLeft, int toUp, int toCorner) = (Math.Abs(estimate - left), Math.Abs(estimate - up), Math.Abs(estimate - corner));
        return toLeft <= toUp && toLeft <= toCorner ? left : toUp <= toCorner ? up : corner;
    }

    private static Rgb24 Pixel(PngHeader header, ReadOnlySpan<byte> row, ReadOnlySpan<byte> palette, int x)
    {
        int first = x * header.SamplesPerPixel;
        if (header.Colour == PngColour.Palette)
        {
            int entry = 3 * Sample(row, first, header.BitDepth);
            return entry + 3 <= palette.Length
                ? new Rgb24(palette[entry], palette[entry + 1], palette[entry + 2])
                : throw new InvalidImageContentException("PNG image data names a color that its palette lacks.");
        }

        byte red = Level(row, first, header.BitDepth);
        return header.Colour is PngColour.Grey or PngColour.GreyAlpha
            ? new Rgb24(red, red, red)
            : new Rgb24(red, Level(row, first + 1, header.BitDepth), Level(row, first + 2, header.BitDepth));
    }

    // 16 bits to 8: round(v * 255 / 65535), exact.
    private static byte Level(ReadOnlySpan<byte> row, int index, int depth) => depth switch
    {
        8 => row[index],
        16 => (byte)(((((row[2 * index] << 8) | row[(2 * index) + 1]) * 255L) + 32895) >> 16),
        _ => (byte)(Sample(row, index, depth) * 255 / ((1 << depth) - 1)),
    };

    private static int Sample(ReadOnlySpan<byte> row, int index, int depth)
    {
        int bit = index * depth;
        return (row[bit >> 3] >> (8 - depth - (bit & 7))) & ((1 << depth) - 1);
    }
}
