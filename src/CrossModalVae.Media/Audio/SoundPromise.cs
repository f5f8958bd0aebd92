using System.Buffers.Binary;

namespace CrossModalVae.Audio;

/// <summary>
/// How long files that ffmpeg decodes say they are, of the kinds whose missing end ffmpeg passes over in silence: AIFF, AU, Ogg (by its
/// last page; RFC 3533), MPEG audio and MPEG program streams (<see cref="MpegPromise"/>).
/// </summary>
internal static class SoundPromise
{
    /// <summary>Stands for "to the end of the file": no length is stated, as by a writer into a pipe.</summary>
    public const long Open = 0;

    private const int OggHeaderLength = 27; // then a byte for each segment
    private const int OggLongestPage = OggHeaderLength + 255 + (255 * 255);
    private const uint LargestSize = 0x7FFFEFFF; // what is beyond, and 0, is what a writer into a pipe leaves

    /// <summary>The length that a file's content promises, or <see cref="Open"/>; null where it promises none.</summary>
    public static long? Length(SoundSource file, ReadOnlySpan<byte> head, string path)
    {
        if (head.Length < SoundContent.HeadLength)
        {
            return null;
        }

        uint second = BinaryPrimitives.ReadUInt32BigEndian(head[4..]), third = BinaryPrimitives.ReadUInt32BigEndian(head[8..]);
        return SoundContent.MediaKind(head) switch
        {
            "AIFF" when second is > 0 and <= LargestSize => 8L + second,
            "AU" when third is > 0 and <= LargestSize => (long)second + third,
            "Ogg" => OggLength(file, path),
            "MP3" => MpegPromise.AudioLength(file, path),
            "MPEG" => MpegPromise.ProgramLength(file, path),
            "CAF" => IsOpenCaf(file, path) ? Open : null,
            _ => null,
        };
    }

    // Chunks of a type and a 64-bit size; the data chunk may have the size -1 (Apple, Core Audio Format Specification 1.0). To ffmpeg its
    // last packet, cut by the end of the file, is a damaged one.
    private static bool IsOpenCaf(SoundSource file, string path)
    {
        const int MaxChunkCount = 1_000;
        Span<byte> header = stackalloc byte[12];
        long length = file.Length, position = 8;
        for (int chunk = 0; chunk < MaxChunkCount && position >= 0 && position <= length - header.Length; chunk++)
        {
            WavReader.Fill(file, header, position, path);
            long size = BinaryPrimitives.ReadInt64BigEndian(header[4..]);
            if (header.StartsWith("data"u8) || size < 0)
            {
                return header.StartsWith("data"u8) && size == -1;
            }

            position += header.Length + size;
        }

        return false;
    }

    private static long? OggLength(SoundSource file, string path)
    {
        long length = file.Length, start = Math.Max(0, length - OggLongestPage);
        var tail = new byte[length - start];
        WavReader.Fill(file, tail, start, path);
        int page = tail.AsSpan().LastIndexOf("OggS"u8);
        if (page < 0)
        {
            return null;
        }

        ReadOnlySpan<byte> last = tail.AsSpan(page);
        int segments = last.Length < OggHeaderLength ? 0 : last[OggHeaderLength - 1];
        long promised = OggHeaderLength + segments;
        foreach (byte segment in last.Length < promised ? [] : last.Slice(OggHeaderLength, segments))
        {
            promised += segment;
        }

        return start + page + promised;
    }
}
