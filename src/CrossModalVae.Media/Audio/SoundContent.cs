namespace CrossModalVae.Audio;

/// <summary>What a sound file is by its first bytes, whatever its name says.</summary>
internal static class SoundContent
{
    /// <summary>Bytes that tell every kind apart.</summary>
    public const int HeadLength = 16;

    /// <summary>Whether a file is of the RIFF family; 'RIFF' also begins AVI files.</summary>
    public static bool IsRiff(ReadOnlySpan<byte> head) =>
        head.StartsWith("RIFF"u8) || head.StartsWith("RIFX"u8) || head.StartsWith("RF64"u8) || head.StartsWith("BW64"u8);

    /// <summary>Whether a file is NIST SPHERE.</summary>
    public static bool IsSphere(ReadOnlySpan<byte> head) => head.StartsWith("NIST_1A"u8);

    /// <summary>The name of a kind that ffmpeg reads; null for the RIFF family, SPHERE and unknown content.</summary>
    public static string? MediaKind(ReadOnlySpan<byte> head)
    {
        if (head.Length < 4)
        {
            return null;
        }

        ReadOnlySpan<byte> second = head.Length >= 8 ? head[4..8] : [];
        ReadOnlySpan<byte> third = head.Length >= 12 ? head[8..12] : [];
        return head[..4] switch
        {
            [(byte)'f', (byte)'L', (byte)'a', (byte)'C'] => "FLAC",
            [(byte)'O', (byte)'g', (byte)'g', (byte)'S'] => "Ogg",
            [(byte)'I', (byte)'D', (byte)'3', _] => "MP3",
            [(byte)'F', (byte)'O', (byte)'R', (byte)'M'] when third is [(byte)'A', (byte)'I', (byte)'F', (byte)'F' or (byte)'C'] => "AIFF",
            [(byte)'F', (byte)'O', (byte)'R', (byte)'M'] when third.SequenceEqual("8SVX"u8) || third.SequenceEqual("MAUD"u8) => "IFF",
            [(byte)'R', (byte)'I', (byte)'F', (byte)'F'] when third.SequenceEqual("AVI "u8) => "AVI",
            [(byte)'.', (byte)'s', (byte)'n', (byte)'d'] => "AU",
            [(byte)'c', (byte)'a', (byte)'f', (byte)'f'] => "CAF",
            [(byte)'#', (byte)'!', (byte)'A', (byte)'M'] => "AMR",
            [(byte)'w', (byte)'v', (byte)'p', (byte)'k'] => "WavPack",
            [(byte)'M', (byte)'A', (byte)'C', (byte)' '] => "Monkey's Audio",
            [(byte)'T', (byte)'T', (byte)'A', (byte)'1'] => "TTA",
            [(byte)'r', (byte)'i', (byte)'f', (byte)'f'] => "Wave64",
            [(byte)'C', (byte)'r', (byte)'e', (byte)'a'] when second.SequenceEqual("tive"u8) => "VOC",
            [(byte)'F', (byte)'L', (byte)'V', 1] => "FLV",
            [0x1A, 0x45, 0xDF, 0xA3] => "Matroska or WebM",
            [0x30, 0x26, 0xB2, 0x75] => "WMA or WMV",
            [0, 0, 1, 0xBA or 0xB3] => "MPEG",
            [0x0B, 0x77, _, _] => "AC-3",
            [0x7F, 0xFE, 0x80, 0x01] or [0xFE, 0x7F, 0x01, 0x80] or [0x1F, 0xFF, 0xE8, 0x00] or [0xFF, 0x1F, 0x00, 0xE8] => "DTS",
            [(byte)'.', (byte)'R', (byte)'M', (byte)'F'] => "RealMedia",
            [0x64, 0xA3, _, 0] or [0, _, 0xA3, 0x64] => "IRCAM",
            [0xFF, var b, ..] when (b & 0xF6) == 0xF0 => "AAC",
            [0xFF, var b, var c, _] when IsMpegFrame(b, c) => "MP3",
            _ => second.SequenceEqual("ftyp"u8) ? "MP4 or M4A"
                : second.SequenceEqual("moov"u8) || second.SequenceEqual("mdat"u8) ? "QuickTime" : null,
        };
    }

    // The version, layer, bit rate and sample rate that a frame's header states must be ones that there are.
    private static bool IsMpegFrame(byte second, byte third) =>
        second >= 0xE0 && (second & 0x18) != 0x08 && (second & 6) != 0 && third >> 4 is > 0 and < 15 && (third & 12) != 12;
}
