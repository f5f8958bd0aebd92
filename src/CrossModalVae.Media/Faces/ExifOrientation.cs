using System.Buffers.Binary;

namespace CrossModalVae.Faces;

/// <summary>The EXIF orientation, 1 to 8: how a picture is rotated or mirrored before it is stored (CIPA DC-008, Exif 2.3, 4.6).</summary>
internal static class ExifOrientation
{
    private const int EntryBytes = 12;
    private const ushort OrientationTag = 0x0112;
    private const ushort ShortType = 3;

    /// <summary>Reads it from an EXIF block that starts with the byte-order mark; 0 where the block has none or is broken.</summary>
    public static int Read(ReadOnlySpan<byte> tiff)
    {
        if (tiff.Length < 8 || !(tiff.StartsWith("II"u8) || tiff.StartsWith("MM"u8)))
        {
            return 0;
        }

        bool little = tiff[0] == (byte)'I';
        uint directory = little ? BinaryPrimitives.ReadUInt32LittleEndian(tiff[4..]) : BinaryPrimitives.ReadUInt32BigEndian(tiff[4..]);
        if (directory > tiff.Length - 2)
        {
            return 0;
        }

        int count = UInt16(tiff[(int)directory..], little);
        ReadOnlySpan<byte> entries = tiff[((int)directory + 2)..];
        for (int i = 0; i < count && entries.Length >= EntryBytes; i++, entries = entries[EntryBytes..])
        {
            if (UInt16(entries, little) == OrientationTag && UInt16(entries[2..], little) == ShortType)
            {
                int value = UInt16(entries[8..], little);
                return value is >= 1 and <= 8 ? value : 0;
            }
        }

        return 0;
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
}
