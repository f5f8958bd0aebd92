using System.Buffers.Binary;

namespace CrossModalVae.Audio;

/// <summary>
/// How long MPEG files say they are. MPEG audio (MP3, MP2; ISO/IEC 11172-3) is a row of frames, each with its length in its header, and
/// may begin with a frame that counts the bytes of all (LAME's Xing or Info header, Fraunhofer's VBRI header); a program stream (ISO/IEC
/// 11172-1, 13818-1) is a row of packets with theirs. A file cut between two frames without such a count cannot be told from a whole one.
/// </summary>
internal static class MpegPromise
{
    private const int HeaderLength = 4;
    private const int TailLength = 1 << 14; // several of the longest frames, 1,728 bytes
    private const int LeastChain = 3; // frames in a row that are no chance
    private const int StatedSlack = 4_096; // some writers count tags too
    private const int TagHeaderLength = 10;
    private const int ProgramTailLength = 1 << 18; // several of the longest packets, 65,541 bytes

    // Kilobits a second by bit-rate index: layers I, II and III of MPEG-1, then layer I, and II with III, of MPEG-2 and 2.5.
    private static readonly int[][] BitRates =
    [
        [0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448, 0],
        [0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384, 0],
        [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 0],
        [0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256, 0],
        [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160, 0],
    ];

    private static readonly int[] SampleRates = [44_100, 48_000, 32_000, 0];

    /// <summary>The length that the frames of MPEG audio promise; null where the file does not end in them.</summary>
    public static long? AudioLength(SoundSource file, string path)
    {
        long length = file.Length, first = FirstFrame(file, path, length);
        Span<byte> head = stackalloc byte[64];
        head = head[..(int)Math.Min(head.Length, length - first)];
        WavReader.Fill(file, head, first, path);
        if (FrameLength(head) == 0)
        {
            return null; // other content behind a tag
        }

        long? stated = first + StatedBytes(head);
        return stated > length + StatedSlack ? stated : LastFrameEnd(file, path, first, length);
    }

    /// <summary>The length that the packets of a program stream promise; null where the file does not end in them.</summary>
    public static long? ProgramLength(SoundSource file, string path)
    {
        long length = file.Length, start = Math.Max(0, length - ProgramTailLength);
        var tail = new byte[length - start];
        WavReader.Fill(file, tail, start, path);
        int at = tail.AsSpan().LastIndexOf((ReadOnlySpan<byte>)[0, 0, 1, 0xBA]);
        while (at >= 0 && at < tail.Length)
        {
            ReadOnlySpan<byte> rest = tail.AsSpan(at);
            if (rest is not [0, 0, 1, > 0xB9, _, _, ..])
            {
                return rest is [0, 0, 1, > 0xB9, ..] ? start + at + 6 : null; // not the end code either, 0xB9
            }

            int packet = rest[3] switch
            {
                0xBA => (rest[4] & 0xC0) != 0x40 ? 12 : rest.Length < 14 ? 14 : 14 + (rest[13] & 7), // MPEG-1, MPEG-2
                _ => 6 + BinaryPrimitives.ReadUInt16BigEndian(rest[4..]),
            };
            at += packet;
        }

        return at < 0 ? null : start + at;
    }

    // Behind the ID3v2 tags: "ID3", version, flags, and the length in four bytes of seven bits.
    private static long FirstFrame(SoundSource file, string path, long length)
    {
        long position = 0;
        Span<byte> tag = stackalloc byte[TagHeaderLength];
        while (length - position >= TagHeaderLength)
        {
            WavReader.Fill(file, tag, position, path);
            if (!tag.StartsWith("ID3"u8))
            {
                break;
            }

            int footer = (tag[5] & 0x10) == 0 ? 0 : TagHeaderLength;
            position += TagHeaderLength + (tag[6] << 21 | tag[7] << 14 | tag[8] << 7 | tag[9]) + footer;
        }

        return Math.Min(position, length);
    }

    // The bytes of all frames, where the first frame states them; 0 where it does not.
    private static long StatedBytes(ReadOnlySpan<byte> frame)
    {
        bool isMono = frame[3] >> 6 == 3, isFirstVersion = (frame[1] & 8) != 0;
        int xing = HeaderLength + (isFirstVersion ? (isMono ? 17 : 32) : (isMono ? 9 : 17)); // behind the side information
        const int Vbri = HeaderLength + 32;
        if (frame.Length >= xing + 16 && (frame[xing..].StartsWith("Xing"u8) || frame[xing..].StartsWith("Info"u8)))
        {
            bool hasFrames = (frame[xing + 7] & 1) != 0, hasBytes = (frame[xing + 7] & 2) != 0;
            return hasBytes ? BinaryPrimitives.ReadUInt32BigEndian(frame[(xing + (hasFrames ? 12 : 8))..]) : 0;
        }

        bool isVbri = frame.Length >= Vbri + 14 && frame[Vbri..].StartsWith("VBRI"u8);
        return isVbri ? BinaryPrimitives.ReadUInt32BigEndian(frame[(Vbri + 10)..]) : 0;
    }

    // The end of the last of the frames that go on to the end of the file, or beyond; null where something else follows them.
    private static long? LastFrameEnd(SoundSource file, string path, long first, long length)
    {
        long start = Math.Max(first, length - TailLength);
        var tail = new byte[length - start];
        WavReader.Fill(file, tail, start, path);
        for (int begin = 0; begin < tail.Length; begin++)
        {
            int at = begin, count = 0;
            while (at < tail.Length && FrameLength(tail.AsSpan(at)) is > 0 and int frame && IsAlike(tail.AsSpan(begin), tail.AsSpan(at)))
            {
                (at, count) = (at + frame, count + 1);
            }

            bool isChain = count >= LeastChain || (count > 0 && start + begin == first);
            bool isHeaderCut = at > tail.Length - HeaderLength
                && at < tail.Length
                && tail.AsSpan(at).CommonPrefixLength(tail.AsSpan(begin)) > 0;
            if (isChain && (at >= tail.Length || isHeaderCut))
            {
                return start + at + (isHeaderCut ? HeaderLength : 0);
            }
        }

        return null;
    }

    // Version, layer and sample rate stay the same from frame to frame.
    private static bool IsAlike(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b) =>
        (a[1] & 0xFE) == (b[1] & 0xFE) && (a[2] & 0x0C) == (b[2] & 0x0C);

    // 0 where there is no frame, or one of a free bit rate, which has no length.
    private static int FrameLength(ReadOnlySpan<byte> header)
    {
        if (header.Length < HeaderLength || header[0] != 0xFF || (header[1] & 0xE0) != 0xE0)
        {
            return 0;
        }

        int version = header[1] >> 3 & 3, layer = 4 - (header[1] >> 1 & 3); // version 3 is MPEG-1, 2 is MPEG-2, 0 is MPEG-2.5
        if (version == 1 || layer == 4)
        {
            return 0;
        }

        int bits = 1_000 * BitRates[version == 3 ? layer - 1 : layer == 1 ? 3 : 4][header[2] >> 4];
        int rate = SampleRates[header[2] >> 2 & 3] >> (version == 3 ? 0 : version == 2 ? 1 : 2);
        int padding = header[2] >> 1 & 1;
        if (bits == 0 || rate == 0)
        {
            return 0;
        }

        return layer == 1 ? 4 * ((12 * bits / rate) + padding) : ((layer == 3 && version != 3 ? 72 : 144) * bits / rate) + padding;
    }
}
