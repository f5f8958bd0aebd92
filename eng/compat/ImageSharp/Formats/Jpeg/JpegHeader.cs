using System.Buffers.Binary;

namespace SixLabors.ImageSharp.Formats.Jpeg;

/// <summary>The part of a JPEG file before its first scan.</summary>
/// <param name="Width">In pixels.</param>
/// <param name="Height">In pixels.</param>
/// <param name="ComponentCount">1 grey, 3 colour, 4 CMYK.</param>
/// <param name="Sampling">Chroma sampling.</param>
/// <param name="Orientation">EXIF orientation, 0 where it has none.</param>
internal readonly record struct JpegHeader(int Width, int Height, int ComponentCount, TurboSampling Sampling, int Orientation)
{
    private const byte StartOfScan = 0xDA;
    private const byte EndOfImage = 0xD9;
    private const byte App1 = 0xE1;

    public static JpegHeader Read(ReadOnlySpan<byte> file)
    {
        JpegHeader header = default;
        int orientation = 0;
        int at = 2;
        while (true)
        {
            // Bytes between segments are skipped up to the next marker, as every decoder does.
            while (at + 1 < file.Length && (file[at] != 0xFF || file[at + 1] is 0 or 0xFF or (>= 0xD0 and <= 0xD7)))
            {
                at++;
            }

            if (at + 4 > file.Length || file[at + 1] is StartOfScan or EndOfImage)
            {
                return header.ComponentCount == 0
                    ? throw new InvalidImageContentException("The file ends before its frame header.")
                    : header with { Orientation = orientation };
            }

            byte marker = file[at + 1];
            int length = BinaryPrimitives.ReadUInt16BigEndian(file[(at + 2)..]);
            if (length < 2 || at + 2 + length > file.Length)
            {
                throw new InvalidImageContentException(
                    $"Input stream does not have enough bytes to parse declared contents of the {marker:X2} marker.");
            }

            ReadOnlySpan<byte> content = file.Slice(at + 4, length - 2);
            if (marker == App1 && content.StartsWith("Exif\0\0"u8))
            {
                orientation = Exif.Orientation(content[6..]);
            }
            else if (marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC))
            {
                header = Frame(content);
            }

            at += 2 + length;
        }
    }

    private static JpegHeader Frame(ReadOnlySpan<byte> content)
    {
        if (content.Length < 6 || content.Length < 6 + (3 * content[5]))
        {
            throw new InvalidImageContentException("Marker SOF has bad length.");
        }

        int count = content[5];
        if (count is not (1 or 3 or 4))
        {
            throw new NotSupportedException($"Images with {count} components are not supported.");
        }

        // Other samplings are written back as 4:2:0, as the genuine package does.
        TurboSampling sampling = (count, content[7]) switch
        {
            (1, _) => TurboSampling.Grey,
            (_, 0x11) => TurboSampling.Ratio444,
            (_, 0x21) => TurboSampling.Ratio422,
            (_, 0x41) => TurboSampling.Ratio411,
            _ => TurboSampling.Ratio420,
        };
        int height = BinaryPrimitives.ReadUInt16BigEndian(content[1..]);
        int width = BinaryPrimitives.ReadUInt16BigEndian(content[3..]);
        return new JpegHeader(width, height, count, sampling, 0);
    }
}
