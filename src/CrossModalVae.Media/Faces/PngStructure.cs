using System.Buffers.Binary;
using System.IO.Compression;

namespace CrossModalVae.Faces;

/// <summary>
/// The header of a PNG file and the amount of pixel data it promises (PNG specification, 3rd edition, sections 5 and 7 to 11). On missing
/// pixel data some decoders fill in black and some never return, so the data is counted before a decoder sees the file.
/// </summary>
internal readonly record struct PngStructure(long Width, long Height, int BitsPerPixel, bool IsInterlaced)
{
    private const int ChunkOverhead = 12; // length, type, checksum
    private const int HeaderLength = 13;

    // First column, first row, column step and row step of Adam7's passes.
    private static readonly (int Left, int Top, int Right, int Down)[] Adam7 =
        [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)];

    /// <summary>The first bytes of every PNG file.</summary>
    public static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>Reads the chunks of a file that begins with <see cref="Signature"/>; returns what is wrong, or null.</summary>
    public static string? Read(ReadOnlySpan<byte> file, out PngStructure structure)
    {
        structure = default;
        int at = Signature.Length, dataEnd = 0;
        while (Next(file, ref at, out ReadOnlySpan<byte> type, out ReadOnlySpan<byte> content))
        {
            bool isHeader = type.SequenceEqual("IHDR"u8);
            if (isHeader != (structure == default))
            {
                return isHeader
                    ? $"the PNG has a second header chunk (IHDR) at byte {at - content.Length - ChunkOverhead}"
                    : $"the PNG's first chunk is {Text(type)}, not its header (IHDR)";
            }

            if (isHeader && Header(content, out structure) is string fault)
            {
                return fault;
            }

            if (type.SequenceEqual("IDAT"u8))
            {
                int start = at - content.Length - ChunkOverhead;
                if (dataEnd != 0 && dataEnd != start)
                {
                    return $"the PNG's pixel data (IDAT) is interrupted at byte {dataEnd} and goes on at byte {start}";
                }

                dataEnd = at;
            }

            if (type.SequenceEqual("IEND"u8))
            {
                return null;
            }
        }

        return $"is truncated: {file.Length} bytes without the PNG end chunk (IEND)";
    }

    /// <summary>The EXIF orientation of a file that <see cref="Read"/> has accepted: the first valid one of its eXIf chunks; 0 where there
    /// is none.</summary>
    public static int Orientation(ReadOnlySpan<byte> file)
    {
        int orientation = 0, at = Signature.Length;
        while (orientation == 0 && Next(file, ref at, out ReadOnlySpan<byte> type, out ReadOnlySpan<byte> content))
        {
            orientation = type.SequenceEqual("eXIf"u8) ? ExifOrientation.Read(content) : 0;
        }

        return orientation;
    }

    /// <summary>A copy of the file without empty pieces of pixel data, which the standard allows and ImageSharp does not.</summary>
    public static byte[] WithoutEmptyData(ReadOnlySpan<byte> file)
    {
        var copy = new byte[file.Length];
        int at = Signature.Length, copied = 0, length = 0;
        while (Next(file, ref at, out ReadOnlySpan<byte> type, out ReadOnlySpan<byte> content))
        {
            if (content.IsEmpty && type.SequenceEqual("IDAT"u8))
            {
                ReadOnlySpan<byte> before = file[copied..(at - ChunkOverhead)];
                before.CopyTo(copy.AsSpan(length));
                (copied, length) = (at, length + before.Length);
            }
        }

        file[copied..].CopyTo(copy.AsSpan(length));
        return copy[..(length + file.Length - copied)];
    }

    /// <summary>Inflates the pixel data of the file to count it; returns what is wrong, or null.</summary>
    public string? CheckData(ReadOnlySpan<byte> file)
    {
        using var packed = new MemoryStream();
        int at = Signature.Length;
        while (Next(file, ref at, out ReadOnlySpan<byte> type, out ReadOnlySpan<byte> content) && !type.SequenceEqual("IEND"u8))
        {
            if (type.SequenceEqual("IDAT"u8))
            {
                packed.Write(content);
            }
        }

        packed.Position = 0;
        long expected = DataLength(), found = 0;
        Span<byte> buffer = stackalloc byte[4096];
        try
        {
            using var data = new ZLibStream(packed, CompressionMode.Decompress);
            for (int count; found < expected && (count = data.Read(buffer)) > 0; found += count)
            {
            }
        }
        // zlib's own refusals, such as of a preset dictionary, are IOExceptions
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            return $"the PNG's pixel data is damaged after {found} of {expected} bytes";
        }

        return found < expected ? $"the PNG's pixel data ends after {found} of {expected} bytes" : null;
    }

    // Every row of every pass: a filter byte and the pixels, padded to whole bytes.
    private long DataLength()
    {
        if (!IsInterlaced)
        {
            return Height * RowLength(Width);
        }

        long length = 0;
        foreach ((int left, int top, int right, int down) in Adam7)
        {
            long columns = Math.Max(0, (Width - left + right - 1) / right), rows = Math.Max(0, (Height - top + down - 1) / down);
            length += columns == 0 ? 0 : rows * RowLength(columns);
        }

        return length;
    }

    private long RowLength(long columns) => 1 + (((columns * BitsPerPixel) + 7) / 8);

    private static string? Header(ReadOnlySpan<byte> content, out PngStructure structure)
    {
        structure = default;
        if (content.Length != HeaderLength)
        {
            return $"the PNG's header chunk (IHDR) has {content.Length} bytes, not {HeaderLength}";
        }

        (byte depth, byte colour, byte interlace) = (content[8], content[9], content[12]);
        int channels = (colour, depth) switch
        {
            (0, 1 or 2 or 4 or 8 or 16) => 1, // grey
            (3, 1 or 2 or 4 or 8) => 1, // palette
            (4, 8 or 16) => 2, // grey and alpha
            (2, 8 or 16) => 3, // RGB
            (6, 8 or 16) => 4, // RGB and alpha
            _ => 0,
        };
        if (channels == 0 || content[10] != 0 || content[11] != 0 || interlace > 1)
        {
            return $"the PNG's header names colour type {colour}, {depth} bits, compression {content[10]}, filter {content[11]}, "
                + $"interlace {interlace}, which PNG does not define";
        }

        structure = new PngStructure(
            BinaryPrimitives.ReadUInt32BigEndian(content),
            BinaryPrimitives.ReadUInt32BigEndian(content[4..]),
            channels * depth,
            interlace == 1);
        return null;
    }

    private static bool Next(ReadOnlySpan<byte> file, ref int at, out ReadOnlySpan<byte> type, out ReadOnlySpan<byte> content)
    {
        type = content = [];
        ReadOnlySpan<byte> rest = file[at..];
        if (rest.Length < ChunkOverhead
            || BinaryPrimitives.ReadUInt32BigEndian(rest) is uint length && length > rest.Length - ChunkOverhead)
        {
            return false;
        }

        type = rest.Slice(4, 4);
        content = rest.Slice(8, (int)length);
        at += (int)length + ChunkOverhead;
        return true;
    }

    private static string Text(ReadOnlySpan<byte> type)
    {
        string text = System.Text.Encoding.ASCII.GetString(type);
        return text.All(char.IsAsciiLetter) ? text : $"of the type {Convert.ToHexString(type)}";
    }
}
