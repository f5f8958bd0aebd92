using System.Buffers.Binary;

namespace CrossModalVae.Faces;

/// <summary>The EXIF orientation, 1 to 8: how a picture is rotated or mirrored before it is stored (CIPA DC-008, Exif 2.3, 4.6).</summary>
internal static class ExifOrientation
{
    private const int EntryBytes = 12;
    private const ushort TiffMark = 42;
    private const ushort OrientationTag = 0x0112;

    /// <summary>Reads it from an EXIF block that starts with the byte-order mark, whatever integer type it has; 0 where the block has no
    /// valid one or is broken.</summary>
    public static int Read(ReadOnlySpan<byte> tiff)
    {
        if (tiff.Length < 8 || !(tiff.StartsWith("II"u8) || tiff.StartsWith("MM"u8)))
        {
            return 0;
        }

        bool little = tiff[0] == (byte)'I';
        uint directory = UInt32(tiff[4..], little);
        if (UInt16(tiff[2..], little) != TiffMark || directory > tiff.Length - 2)
        {
            return 0;
        }

        int count = UInt16(tiff[(int)directory..], little);
        ReadOnlySpan<byte> entries = tiff[((int)directory + 2)..];
        for (int i = 0; i < count && entries.Length >= EntryBytes; i++, entries = entries[EntryBytes..])
        {
            if (UInt16(entries, little) == OrientationTag && Value(entries, little) is uint value and >= 1 and <= 8)
            {
                return (int)value;
            }
        }

        return 0;
    }

    // An entry's first number, where it is an integer and in the entry itself.
    private static uint Value(ReadOnlySpan<byte> entry, bool little)
    {
        uint count = UInt32(entry[4..], little);
        return UInt16(entry[2..], little) switch
        {
            1 or 6 or 7 when count is > 0 and <= 4 => entry[8], // BYTE, SBYTE, UNDEFINED
            3 or 8 when count is > 0 and <= 2 => UInt16(entry[8..], little), // SHORT, SSHORT
            4 or 9 when count == 1 => UInt32(entry[8..], little), // LONG, SLONG
            _ => 0,
        };
    }

    /// <summary>The place, in the picture as stored, of a pixel of the upright picture; width and height are those of the stored
    /// picture.</summary>
    public static (int X, int Y) Stored(int orientation, int x, int y, int width, int height) => orientation switch
    {
        2 => (width - 1 - x, y),
        3 => (width - 1 - x, height - 1 - y),
        4 => (x, height - 1 - y),
        5 => (y, x),
        6 => (y, height - 1 - x),
        7 => (width - 1 - y, height - 1 - x),
        8 => (width - 1 - y, x),
        _ => (x, y),
    };

    private static ushort UInt16(ReadOnlySpan<byte> bytes, bool little) =>
        little ? BinaryPrimitives.ReadUInt16LittleEndian(bytes) : BinaryPrimitives.ReadUInt16BigEndian(bytes);

    private static uint UInt32(ReadOnlySpan<byte> bytes, bool little) =>
        little ? BinaryPrimitives.ReadUInt32LittleEndian(bytes) : BinaryPrimitives.ReadUInt32BigEndian(bytes);
}
