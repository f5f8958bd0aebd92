using System.Buffers.Binary;

namespace CrossModalVae.Faces.Jpeg;

/// <summary>Walks over the segments of a JPEG file.</summary>
internal static class JpegSegments
{
    /// <summary>Finds the next marker that has a segment, or the end of the image.</summary>
    /// <param name="file">The file.</param>
    /// <param name="at">Where to look; moved behind the segment.</param>
    /// <param name="marker">The marker.</param>
    /// <param name="content">The segment without marker and length; empty for the end of the image.</param>
    /// <returns>False at the end of the file or where a segment does not fit it.</returns>
    public static bool Next(ReadOnlySpan<byte> file, scoped ref int at, out byte marker, out ReadOnlySpan<byte> content)
    {
        content = [];
        while (NextMarker(file, ref at) is byte found)
        {
            marker = found;
            if (found == 0xD9)
            {
                return true;
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

        marker = 0;
        return false;
    }

    // The entropy-coded data of a scan is passed over here too: in it FF is followed by 00 or a restart marker (D0 to D7).
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
