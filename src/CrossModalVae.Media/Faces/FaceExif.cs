using System.Buffers.Binary;

namespace CrossModalVae.Faces;

/// <summary>The one EXIF entry that changes a face: its orientation. Source: CIPA DC-008 (Exif 2.3), 4.6.</summary>
internal static class FaceExif
{
    private const int EntryBytes = 12;
    private const ushort OrientationTag = 0x0112;
    private const ushort ShortType = 3;

    /// <summary>The orientation, 1 to 8, or 0 where the block has none or is broken.</summary>
    /// <param name="tiff">The EXIF block, from its byte-order mark on.</param>
    public static int Orientation(ReadOnlySpan<byte> tiff)
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

    private static ushort UInt16(ReadOnlySpan<byte> bytes, bool little) =>
        little ? BinaryPrimitives.ReadUInt16LittleEndian(bytes) : BinaryPrimitives.ReadUInt16BigEndian(bytes);
}
