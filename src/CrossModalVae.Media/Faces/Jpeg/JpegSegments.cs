using System.Buffers.Binary;

namespace CrossModalVae.Faces.Jpeg;

/// <summary>The segments of a JPEG file and their markers (ITU-R T.81 table B.1).</summary>
internal static class JpegSegments
{
    public const byte BaselineFrame = 0xC0, ExtendedFrame = 0xC1, ProgressiveFrame = 0xC2; // the Huffman-coded frames
    public const byte HuffmanTables = 0xC4, QuantisationTables = 0xDB, RestartInterval = 0xDD;
    public const byte StartOfScan = 0xDA, EndOfImage = 0xD9;
    public const byte App0 = 0xE0, App1 = 0xE1, App14 = 0xEE;

    /// <summary>Whether a marker starts a frame: SOF0 to SOF15 without DHT (C4), JPG (C8) and DAC (CC).</summary>
    public static bool IsFrame(byte marker) => marker is >= 0xC0 and <= 0xCF and not (HuffmanTables or 0xC8 or 0xCC);

    /// <summary>Finds the next marker with a segment, or the end of the image, and moves behind it. False at the end of the file or where a
    /// segment does not fit it.</summary>
    public static bool Next(ReadOnlySpan<byte> file, scoped ref int at, out byte marker, out ReadOnlySpan<byte> content)
    {
        content = [];
        marker = NextMarker(file, ref at) ?? 0;
        if (marker is 0 or EndOfImage)
        {
            return marker != 0;
        }

        int length = at + 2 <= file.Length ? BinaryPrimitives.ReadUInt16BigEndian(file[at..]) : 0;
        if (length < 2 || at + length > file.Length)
        {
            return false;
        }

        content = file.Slice(at + 2, length - 2);
        at += length;
        return true;
    }

    // Also skips the entropy-coded data of a scan, in which FF is followed by 00 or a restart marker (D0 to D7).
    private static byte? NextMarker(ReadOnlySpan<byte> file, ref int at)
    {
        while (at < file.Length)
        {
            int found = file[at..].IndexOf((byte)0xFF);
            if (found < 0 || at + found + 1 >= file.Length)
            {
                return null;
            }

            at += found + 1;
            byte marker = file[at];
            if (marker is not (0 or 0xFF or (>= 0xD0 and <= 0xD7)))
            {
                at++;
                return marker;
            }
        }

        return null;
    }
}
