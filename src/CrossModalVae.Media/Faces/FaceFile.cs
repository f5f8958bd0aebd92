using System.Buffers.Binary;
using CrossModalVae.Faces.Jpeg;

namespace CrossModalVae.Faces;

/// <summary>
/// Checks a face file's structure before a decoder sees it, so that a file is refused with the same message whichever decoder follows and
/// no half-decoded face is used. Sources: ITU-T T.81 annex B (JPEG), <see cref="PngStructure"/> (PNG).
/// </summary>
internal static class FaceFile
{
    /// <summary>What a face file should be, for messages.</summary>
    public const string Wanted = "a JPEG or PNG image";

    /// <summary>The end of a message about a file that is not.</summary>
    public const string Expected = "expected a complete JPEG or PNG image";

    private const long PixelsPerByte = 8 * 64;

    /// <summary>Whether a file that has passed <see cref="Check"/> is a JPEG.</summary>
    public static bool IsJpeg(ReadOnlySpan<byte> file) => file[0] == 0xFF;

    /// <summary>Checks a file. False for a JPEG without its end marker: whether its pixels are all there, only its decoder can
    /// tell.</summary>
    /// <exception cref="InvalidDataException">The file is empty, of another format, ends early, or its sides are too small or too
    /// large.</exception>
    public static bool Check(string path, ReadOnlySpan<byte> file)
    {
        if (file is [0xFF, 0xD8, ..])
        {
            (long width, long height, bool isClosed) = CheckJpeg(path, file);
            CheckSize(path, width, height);
            return isClosed;
        }

        Require(path, ReadPng(path, file).CheckData(file));
        return true;
    }

    /// <summary>The sides of a file, of which only the structure is read.</summary>
    /// <exception cref="InvalidDataException">As <see cref="Check"/>, but for what the data of a PNG hold.</exception>
    public static (int Width, int Height) ReadSize(string path, ReadOnlySpan<byte> file)
    {
        if (file is [0xFF, 0xD8, ..])
        {
            (long width, long height, _) = CheckJpeg(path, file);
            CheckSize(path, width, height);
            return ((int)width, (int)height);
        }

        PngStructure png = ReadPng(path, file);
        return ((int)png.Width, (int)png.Height);
    }

    private static PngStructure ReadPng(string path, ReadOnlySpan<byte> file)
    {
        if (file.StartsWith(PngStructure.Signature))
        {
            Require(path, PngStructure.Read(file, out PngStructure png));
            CheckSize(path, png.Width, png.Height);
            return png;
        }

        throw new InvalidDataException(file.IsEmpty ? $"{path}: the file is empty; {Expected}."
            : OtherKind(file) is string kind ? $"{path}: is {kind}, whatever its name says; {Expected}."
            : $"{path}: begins with the bytes {Convert.ToHexString(file[..Math.Min(4, file.Length)])}; {Expected} (FFD8 or 89504E47).");
    }

    // What people have under the names of pictures.
    private static string? OtherKind(ReadOnlySpan<byte> file)
    {
        ReadOnlySpan<byte> brand = file.Length >= 12 && file[4..8].SequenceEqual("ftyp"u8) ? file[8..12] : [];
        return file switch
        {
            [(byte)'R', (byte)'I', (byte)'F', (byte)'F', _, _, _, _, (byte)'W', (byte)'E', (byte)'B', (byte)'P', ..] => "a WebP image",
            [(byte)'G', (byte)'I', (byte)'F', (byte)'8', ..] => "a GIF image",
            [(byte)'B', (byte)'M', _, _, _, _, 0, 0, 0, 0, ..] => "a BMP image",
            [(byte)'I', (byte)'I', 42 or 43, 0, ..] or [(byte)'M', (byte)'M', 0, 42 or 43, ..] => "a TIFF image",
            [0, 0, 0, 12, (byte)'j', (byte)'P', ..] or [0xFF, 0x4F, 0xFF, 0x51, ..] => "a JPEG 2000 image",
            [0xFF, 0x0A, ..] or [0, 0, 0, 12, (byte)'J', (byte)'X', (byte)'L', ..] => "a JPEG XL image",
            [(byte)'P', >= (byte)'1' and <= (byte)'7', (byte)'\n' or (byte)' ', ..] => "a PNM image",
            [(byte)'%', (byte)'P', (byte)'D', (byte)'F', ..] => "a PDF document",
            [(byte)'<', ..] => "a text in HTML or XML",
            _ when brand.StartsWith("avi"u8) => "an AVIF image",
            _ when brand.StartsWith("he"u8) || brand.SequenceEqual("mif1"u8) || brand.SequenceEqual("msf1"u8) => "a HEIC image",
            _ when !brand.IsEmpty => "a video",
            _ => null,
        };
    }

    /// <summary>A JPEG that ends before its end marker, and whose pixels are not all there.</summary>
    public static InvalidDataException Truncated(string path, int bytes) =>
        new($"{path}: is truncated: {bytes} bytes without the JPEG end-of-image marker (FFD9); {Expected}.");

    private static void Require(string path, string? fault)
    {
        if (fault is not null)
        {
            throw new InvalidDataException($"{path}: {fault}; {Expected}.");
        }
    }

    private static void CheckSize(string path, long width, long height)
    {
        if (Math.Min(width, height) < FaceImage.SmallestSide)
        {
            throw new InvalidDataException(
                $"{path}: is {width} x {height} pixels; expected at least {FaceImage.SmallestSide} x {FaceImage.SmallestSide}.");
        }

        if (width > FaceImage.LargestPixelCount / height)
        {
            throw new InvalidDataException($"{path}: is {width} x {height} pixels; expected at most {FaceImage.LargestPixelCount} in all.");
        }
    }

    private static (long Width, long Height, bool IsClosed) CheckJpeg(string path, ReadOnlySpan<byte> file)
    {
        (long Width, long Height)? size = null;
        bool scanned = false;
        int at = 2;
        while (JpegSegments.Next(file, ref at, out byte marker, out ReadOnlySpan<byte> content))
        {
            if (marker == JpegSegments.EndOfImage)
            {
                return scanned && size is not null
                    ? (size.Value.Width, size.Value.Height, true)
                    : throw new InvalidDataException(
                        $"{path}: the JPEG ends at byte {at} without {(size is null ? "a frame header" : "any pixels")}; {Expected}.");
            }

            if (JpegSegments.IsFrame(marker) && content.Length >= 5)
            {
                if (size is not null)
                {
                    // Decoders disagree on which one applies.
                    throw new InvalidDataException(
                        $"{path}: the JPEG has a second frame header at byte {at - content.Length - 4}; {Expected}.");
                }

                size = (BinaryPrimitives.ReadUInt16BigEndian(content[3..]), BinaryPrimitives.ReadUInt16BigEndian(content[1..]));
                CheckPlausible(path, file.Length, marker, size.Value);
            }

            if (marker == JpegSegments.HuffmanTables && !AreHuffmanTables(content))
            {
                throw new InvalidDataException(
                    $"{path}: the JPEG's Huffman tables at byte {at - content.Length - 4} do not fill their segment; {Expected}.");
            }

            scanned |= marker == JpegSegments.StartOfScan;
        }

        // Frames of cameras may end in zeros, or whatever came before in the buffer, instead of a marker.
        return scanned && size is not null ? (size.Value.Width, size.Value.Height, false) : throw Truncated(path, file.Length);
    }

    // A block of 64 pixels takes at least one bit, so no more memory is reserved than the file can fill. Huffman-coded frames only.
    private static void CheckPlausible(string path, int bytes, byte marker, (long Width, long Height) size)
    {
        long pixels = size.Width * size.Height;
        if (marker <= JpegSegments.ProgressiveFrame && pixels <= FaceImage.LargestPixelCount && pixels > bytes * PixelsPerByte)
        {
            throw new InvalidDataException(
                $"{path}: says it is {size.Width} x {size.Height} pixels, more than its {bytes} bytes can hold; {Expected}.");
        }
    }

    // T.81 B.2.4.2: a class byte, the number of codes of each length from 1 to 16 bits, the codes' values. A decoder that trusts these
    // numbers more than the segment's length would skip the frame header.
    private static bool AreHuffmanTables(ReadOnlySpan<byte> tables)
    {
        while (!tables.IsEmpty)
        {
            int size = 17;
            for (int i = 1; i < Math.Min(17, tables.Length); i++)
            {
                size += tables[i];
            }

            if (size > tables.Length)
            {
                return false;
            }

            tables = tables[size..];
        }

        return true;
    }
}
