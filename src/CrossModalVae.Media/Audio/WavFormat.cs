using System.Buffers.Binary;

namespace CrossModalVae.Audio;

/// <summary>
/// The 'fmt ' chunk of a wav file. Samples of fewer bits than their bytes hold, such as 12 in 16 or 20 in 24, are aligned to the most
/// significant bit, as WAVEFORMATEX says, so they are read as all of their bytes.
/// </summary>
internal readonly record struct WavFormat
{
    /// <summary>Bytes that every format has: WAVEFORMAT, before the number of bits was added for PCM.</summary>
    public const int LeastLength = 14;

    private const int BitsEnd = 16;

    /// <summary>Bytes of WAVEFORMATEXTENSIBLE.</summary>
    public const int ExtensibleLength = 40;

    private const int PcmTag = 0x0001;
    private const int FloatTag = 0x0003;
    private const int ALawTag = 0x0006;
    private const int MuLawTag = 0x0007;
    private const int ExtensibleTag = 0xFFFE;

    private static readonly Dictionary<int, string> TagNames = new()
    {
        [0x0002] = "Microsoft ADPCM",
        [0x0011] = "IMA ADPCM",
        [0x0022] = "TrueSpeech",
        [0x0031] = "GSM 6.10",
        [0x0042] = "G.723.1",
        [0x0045] = "G.726",
        [0x0050] = "MPEG audio",
        [0x0055] = "MP3",
        [0x0064] = "G.726",
        [0x00FF] = "AAC",
        [0x0160] = "WMA",
        [0x0161] = "WMA",
        [0x1610] = "AAC",
        [0x674F] = "Vorbis",
    };

    /// <summary>The format, with <see cref="WavInfo.BitsPerSample"/> as stored and no samples yet.</summary>
    public WavInfo Info { get; private init; }

    /// <summary>Whether the block size was inferred.</summary>
    public SoundNotes Notes { get; private init; }

    /// <summary>The codec that only ffmpeg decodes; null for the others.</summary>
    public string? Foreign { get; private init; }

    /// <summary>The fault of a foreign codec where only uncompressed files are read.</summary>
    public string? ForeignFault { get; private init; }

    /// <summary>Bytes of one sample of every channel.</summary>
    public int BlockLength => Info.ChannelCount * (Info.BitsPerSample / 8);

    /// <summary>Whether the chunk is a WAVEFORMATEXTENSIBLE.</summary>
    public static bool IsExtensible(ReadOnlySpan<byte> chunk, bool isBigEndian) => UInt16(chunk, isBigEndian) == ExtensibleTag;

    /// <summary>Reads a chunk; the fault, where there is one, has its place in the chunk.</summary>
    public static (WavFormat Format, int Place, string? Fault) Read(ReadOnlySpan<byte> chunk, bool isBigEndian)
    {
        int tag = UInt16(chunk, isBigEndian);
        int channels = UInt16(chunk[2..], isBigEndian);
        uint rate = UInt32(chunk[4..], isBigEndian);
        uint bytesPerSecond = UInt32(chunk[8..], isBigEndian);
        int block = UInt16(chunk[12..], isBigEndian);
        int bits = chunk.Length < BitsEnd ? 0 : UInt16(chunk[14..], isBigEndian);
        if (tag == ExtensibleTag)
        {
            tag = SubFormat(chunk[24..40], isBigEndian);
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
            return (Unread(tag), 0, null);
        }

        if (encoding == WavEncoding.Pcm && bits == 64)
        {
            return (LongPcm, 0, null);
        }

        string expected = encoding switch
        {
            WavEncoding.Pcm => "8 to 32 for PCM",
            WavEncoding.IeeeFloat => "32 or 64 for floats",
            _ => "8 for A-law and mu-law",
        };
        bool isRead = encoding switch
        {
            WavEncoding.Pcm => bits is 0 or (>= 8 and <= 32),
            WavEncoding.IeeeFloat => bits is 32 or 64,
            _ => bits == 8,
        };
        if (channels == 0)
        {
            return (default, 2, "found 0 channels; expected at least 1");
        }

        bool allBlock = bits == 0 && block % channels == 0 && block / channels is >= 1 and <= 4; // the writer left the bits out
        if (!isRead || (bits == 0 && !allBlock))
        {
            return (default, 14, $"found {bits} bits a sample; expected {expected}");
        }

        if (rate is < AudioClip.MinSampleRateHz or > AudioClip.MaxSampleRateHz)
        {
            return (default, 4, $"found a rate of {rate} Hz; expected {AudioClip.MinSampleRateHz} to {AudioClip.MaxSampleRateHz} Hz");
        }

        int bytes = bits == 0 ? block / channels : (bits + 7) / 8, least = channels * bytes;
        bool isWrong = block != least && bytesPerSecond != (long)rate * least;
        if (block != least && encoding == WavEncoding.Pcm && IsContainer(bits, channels, block, rate, bytesPerSecond))
        {
            bytes = block / channels;
        }
        else if (isWrong && block > least)
        {
            return (default, 12, $"found a block of {block} bytes; expected {least} ({channels} x {bits} bits)");
        }

        // Otherwise a block that the rest contradicts, or that is too small to be one, is of no account.
        SoundNotes notes = bits == 0 || block != channels * bytes ? SoundNotes.InferredBlock : SoundNotes.None;
        return (new WavFormat { Info = new WavInfo((int)rate, channels, 8 * bytes, encoding, 0), Notes = notes }, 0, null);
    }

    // Whether samples have more bytes than their bits need, such as 20 or 24 bits in 32: block and bytes a second agree on it. Of whole
    // bytes only 24 bits are padded in practice; 16 bits in a block of 4 are more likely two channels, or none of it is right.
    private static bool IsContainer(int bits, int channels, int block, uint rate, uint bytesPerSecond) =>
        bits > 0
            && block % channels == 0
            && block / channels * 8 > bits
            && block / channels <= 4
            && bytesPerSecond == (long)rate * block
            && (bits % 8 != 0 || (bits, block / channels) == (24, 4));

    // The sub-format is a GUID: the plain tag, then the fixed tail of KSDATAFORMAT_SUBTYPE. In big-endian files its numbers are turned, or,
    // as sox writes it, only the tag is.
    private static int SubFormat(ReadOnlySpan<byte> guid, bool isBigEndian)
    {
        ReadOnlySpan<byte> plain = [0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xAA, 0, 0x38, 0x9B, 0x71];
        if (guid[2..].SequenceEqual(plain))
        {
            return UInt16(guid, isBigEndian);
        }

        ReadOnlySpan<byte> turned = [0, 0, 0, 0x10, 0x80, 0, 0, 0xAA, 0, 0x38, 0x9B, 0x71];
        bool isTurned = isBigEndian && guid[..2] is [0, 0] && guid[4..].SequenceEqual(turned);
        return isTurned ? UInt16(guid[2..], isBigEndian) : ExtensibleTag;
    }

    private static WavFormat LongPcm => new()
    {
        Foreign = "a wav file of 64-bit PCM",
        ForeignFault = "found PCM of 64 bits a sample; expected 8 to 32",
    };

    private static WavFormat Unread(int tag) => new()
    {
        Foreign = $"a wav file of {TagNames.GetValueOrDefault(tag, "another encoding")} (format tag 0x{tag:X4})",
        ForeignFault =
            $"found format tag 0x{tag:X4}; expected PCM (0x0001), IEEE float (0x0003), A-law (0x0006) or mu-law (0x0007)",
    };

    private static int UInt16(ReadOnlySpan<byte> bytes, bool isBigEndian) =>
        isBigEndian ? BinaryPrimitives.ReadUInt16BigEndian(bytes) : BinaryPrimitives.ReadUInt16LittleEndian(bytes);

    private static uint UInt32(ReadOnlySpan<byte> bytes, bool isBigEndian) =>
        isBigEndian ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt32LittleEndian(bytes);
}
