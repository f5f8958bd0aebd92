using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;

namespace CrossModalVae.Audio;

/// <summary>
/// The chunks of a RIFF/WAVE file (Multimedia Programming Interface and Data Specifications 1.0, IBM and Microsoft 1991;
/// WAVEFORMATEXTENSIBLE after Microsoft's documentation; RF64 and BW64, sizes beyond 32 bits, after EBU Tech 3306 and ITU-R BS.2088).
/// Every size is checked against the file's length.
/// </summary>
internal readonly struct WavHeader
{
    private const int PcmTag = 0x0001;
    private const int FloatTag = 0x0003;
    private const int ALawTag = 0x0006;
    private const int MuLawTag = 0x0007;
    private const int ExtensibleTag = 0xFFFE;
    private const int FormatLength = 16;
    private const int ExtensibleLength = 40;
    private const int ChunkHeaderLength = 8;
    private const int LongSizesLength = 16; // of a ds64 chunk: the sizes of the file and of its data
    private const uint LongSize = 0xFFFFFFFF;

    // Real files have a dozen; a file of empty chunks alone would otherwise take minutes.
    private const int MaxChunkCount = 10_000;

    private WavHeader(WavInfo info, long dataOffset)
    {
        Info = info;
        DataOffset = dataOffset;
    }

    public WavInfo Info { get; }

    public long DataOffset { get; }

    /// <summary>Bytes of one sample of every channel.</summary>
    public int BlockLength => Info.ChannelCount * (Info.BitsPerSample / 8);

    public static WavHeader Read(SafeFileHandle file, string path)
    {
        long length = RandomAccess.GetLength(file);
        Span<byte> bytes = stackalloc byte[ExtensibleLength];
        bool isLong = CheckRiff(file, length, bytes, path);

        // Chunks come in any order; each starts at an even offset.
        WavInfo? format = null;
        (long Offset, long Length)? data = null;
        long? longSize = null;
        long position = 12;
        for (int chunk = 0; format is null || data is null; chunk++)
        {
            if (length - position < ChunkHeaderLength)
            {
                throw new InvalidDataException($"{path}: ends at byte {length} without a '{(format is null ? "fmt " : "data")}' chunk.");
            }

            if (chunk == MaxChunkCount)
            {
                throw Fault(path, position, $"found more than {MaxChunkCount} chunks; expected 'fmt ' and 'data' among them");
            }

            WavReader.Fill(file, bytes[..ChunkHeaderLength], position, path);
            string name = FourCc(bytes);
            long size = BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
            long start = position + ChunkHeaderLength;
            if (name == "'data'" && size == LongSize && longSize is long actual)
            {
                size = actual;
            }

            if (size > length - start)
            {
                throw Fault(path, position, $"the {name} chunk promises {size} bytes; the file holds {length - start} more");
            }

            if (name == "'fmt '" && format is null)
            {
                format = ReadFormat(file, start, size, bytes, path);
            }
            else if (name == "'data'" && data is null)
            {
                data = (start, size);
            }
            else if (name == "'ds64'" && isLong)
            {
                longSize = ReadLongSize(file, start, size, bytes, path);
            }

            position = start + size + (size & 1);
        }

        return Combine(format.Value, data.Value, path);
    }

    // Whether sizes may be 64-bit numbers in a ds64 chunk.
    private static bool CheckRiff(SafeFileHandle file, long length, Span<byte> bytes, string path)
    {
        if (length == 0)
        {
            throw new InvalidDataException($"{path}: is empty; expected a RIFF/WAVE file.");
        }

        int head = (int)Math.Min(length, 12);
        WavReader.Fill(file, bytes[..head], 0, path);
        bool isLong = head >= 4 && (bytes[..4].SequenceEqual("RF64"u8) || bytes[..4].SequenceEqual("BW64"u8));
        if (head >= 4 && !isLong && !bytes[..4].SequenceEqual("RIFF"u8))
        {
            throw Fault(path, 0, $"found {FourCc(bytes)}; expected 'RIFF'");
        }

        if (head < 12)
        {
            throw new InvalidDataException($"{path}: ends at byte {length}; expected the 12-byte header of a RIFF/WAVE file.");
        }

        if (!bytes[8..12].SequenceEqual("WAVE"u8))
        {
            throw Fault(path, 8, $"found {FourCc(bytes[8..])}; expected 'WAVE'");
        }

        return isLong;
    }

    private static long ReadLongSize(SafeFileHandle file, long start, long size, Span<byte> bytes, string path)
    {
        RequireLength("ds64", size, LongSizesLength, start, path);
        WavReader.Fill(file, bytes[..LongSizesLength], start, path);
        ulong data = BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]);
        return (long)Math.Min(data, long.MaxValue); // an impossible size is refused with the data chunk
    }

    private static WavInfo ReadFormat(SafeFileHandle file, long start, long size, Span<byte> bytes, string path)
    {
        RequireLength("fmt ", size, FormatLength, start, path);
        WavReader.Fill(file, bytes[..FormatLength], start, path);
        int tag = BinaryPrimitives.ReadUInt16LittleEndian(bytes);
        int channels = BinaryPrimitives.ReadUInt16LittleEndian(bytes[2..]);
        uint rate = BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
        int block = BinaryPrimitives.ReadUInt16LittleEndian(bytes[12..]);
        int bits = BinaryPrimitives.ReadUInt16LittleEndian(bytes[14..]);
        if (tag == ExtensibleTag)
        {
            // The sub-format is a GUID: the plain tag, then the fixed tail of KSDATAFORMAT_SUBTYPE.
            RequireLength("fmt ", size, ExtensibleLength, start, path);
            WavReader.Fill(file, bytes[..ExtensibleLength], start, path);
            ReadOnlySpan<byte> tail = [0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xAA, 0, 0x38, 0x9B, 0x71];
            tag = bytes[26..40].SequenceEqual(tail) ? BinaryPrimitives.ReadUInt16LittleEndian(bytes[24..]) : ExtensibleTag;
        }

        WavEncoding? known = tag switch
        {
            PcmTag => WavEncoding.Pcm,
            FloatTag => WavEncoding.IeeeFloat,
            ALawTag => WavEncoding.ALaw,
            MuLawTag => WavEncoding.MuLaw,
            _ => null,
        };
        if (known is not WavEncoding encoding)
        {
            throw Fault(
                path,
                start,
                $"found format tag 0x{tag:X4}; expected PCM (0x0001), IEEE float (0x0003), A-law (0x0006) or mu-law (0x0007)");
        }

        (bool isRead, string expected) = encoding switch
        {
            WavEncoding.Pcm => (bits is 8 or 16 or 24 or 32, "8, 16, 24 or 32 for PCM"),
            WavEncoding.IeeeFloat => (bits is 32 or 64, "32 or 64 for floats"),
            _ => (bits == 8, "8 for A-law and mu-law"),
        };
        if (!isRead)
        {
            throw Fault(path, start + 14, $"found {bits} bits a sample; expected {expected}");
        }

        if (channels == 0)
        {
            throw Fault(path, start + 2, "found 0 channels; expected at least 1");
        }

        if (block != channels * bits / 8)
        {
            throw Fault(
                path, start + 12, $"found a block of {block} bytes; expected {channels * bits / 8} ({channels} x {bits} bits)");
        }

        if (rate is < AudioClip.MinSampleRateHz or > AudioClip.MaxSampleRateHz)
        {
            throw Fault(
                path,
                start + 4,
                $"found a rate of {rate} Hz; expected {AudioClip.MinSampleRateHz} to {AudioClip.MaxSampleRateHz} Hz");
        }

        return new WavInfo((int)rate, channels, bits, encoding, 0);
    }

    private static WavHeader Combine(WavInfo format, (long Offset, long Length) data, string path)
    {
        int block = format.ChannelCount * (format.BitsPerSample / 8);
        if (data.Length == 0)
        {
            throw Fault(path, data.Offset - 4, "the 'data' chunk is empty; expected at least one sample");
        }

        if (data.Length % block != 0)
        {
            throw Fault(
                path,
                data.Offset - 4,
                $"the 'data' chunk holds {data.Length} bytes; expected a multiple of {block}, one sample of every channel");
        }

        return new WavHeader(format with { SampleCount = data.Length / block }, data.Offset);
    }

    private static void RequireLength(string chunk, long size, int least, long start, string path)
    {
        if (size < least)
        {
            throw Fault(path, start - 4, $"the '{chunk}' chunk holds {size} bytes; expected at least {least}");
        }
    }

    private static InvalidDataException Fault(string path, long place, string fault) => new($"{path}: byte {place}: {fault}.");

    private static string FourCc(ReadOnlySpan<byte> bytes)
    {
        bytes = bytes[..4];
        return bytes.ContainsAnyExceptInRange((byte)0x20, (byte)0x7E)
            ? $"0x{Convert.ToHexString(bytes)}"
            : $"'{System.Text.Encoding.ASCII.GetString(bytes)}'";
    }
}
