using System.Text;

namespace CrossModalVae.Audio;

/// <summary>
/// The header of a NIST SPHERE file, as in TIMIT and LDC's corpora: "NIST_1A", its own length, then lines "field -type value" up to
/// "end_head" (NIST, SPHERE 2.6). Read: pcm of 2 to 4 bytes, mu-law and A-law; compressed files go to ffmpeg.
/// </summary>
internal static class SphereHeader
{
    private const int MagicLength = 16; // "NIST_1A\n   1024\n"
    private const int MaxLength = 1 << 16;

    /// <summary>Reads the header of an open file that begins with "NIST_1A".</summary>
    /// <exception cref="InvalidDataException">The header is faulty, or the file ends before its samples.</exception>
    public static SoundLayout Read(SoundSource file, string path, bool toleratesTruncation)
    {
        long fileLength = file.Length;
        int length = ReadLength(file, path, fileLength);
        var bytes = new byte[length];
        WavReader.Fill(file, bytes, 0, path);
        Dictionary<string, string> fields = ReadFields(Encoding.Latin1.GetString(bytes), path);
        string coding = fields.GetValueOrDefault("sample_coding", "pcm").ToLowerInvariant();
        WavEncoding? encoding = coding switch
        {
            "pcm" => WavEncoding.Pcm,
            "ulaw" or "mu-law" => WavEncoding.MuLaw,
            "alaw" or "a-law" => WavEncoding.ALaw,
            _ => null,
        };
        if (encoding is null)
        {
            return new SoundLayout { Foreign = $"a NIST SPHERE file with sample_coding '{coding}'" };
        }

        int sampleBytes = Number(fields, "sample_n_bytes", encoding == WavEncoding.Pcm ? 2 : 1, 1, 4, path);
        if (encoding == WavEncoding.Pcm && sampleBytes == 1)
        {
            return new SoundLayout { Foreign = "a NIST SPHERE file of 8-bit samples" }; // signed, unlike in wav files
        }

        int channels = Number(fields, "channel_count", 1, 1, ushort.MaxValue, path);
        int rate = Number(fields, "sample_rate", null, AudioClip.MinSampleRateHz, AudioClip.MaxSampleRateHz, path);
        if (encoding != WavEncoding.Pcm && sampleBytes != 1)
        {
            throw Fault(path, "sample_n_bytes", $"{sampleBytes}", $"1 for {coding}");
        }

        if (channels > 1 && fields.GetValueOrDefault("channels_interleaved", "TRUE").ToUpperInvariant() is not ("TRUE" or "T" or "1"))
        {
            throw Fault(path, "channels_interleaved", fields["channels_interleaved"], "TRUE");
        }

        long rest = fileLength - length, block = (long)channels * sampleBytes;
        SoundNotes notes = SoundNotes.None;
        long count = Number(fields, "sample_count", -1, -1, int.MaxValue, path), stated = count * block;
        if (count <= 0)
        {
            notes = count == 0 ? SoundNotes.StatedEmpty : notes; // written into a pipe
            stated = rest;
        }
        else if (stated > rest)
        {
            if (!toleratesTruncation)
            {
                throw new InvalidDataException(
                    $"{path}: its SPHERE header promises {stated} bytes of samples; the file holds {rest} after it.");
            }

            (stated, notes) = (rest, SoundNotes.Truncated);
        }

        var info = new WavInfo(rate, channels, 8 * sampleBytes, encoding.Value, 0);
        return SoundLayout.Of(info, [new SoundPiece(length, stated)], sampleBytes > 1 && IsBigEndian(fields, sampleBytes, path), notes)
            ?? throw new InvalidDataException($"{path}: has no samples after its SPHERE header; expected at least one.");
    }

    private static int ReadLength(SoundSource file, string path, long fileLength)
    {
        if (fileLength < MagicLength)
        {
            throw new InvalidDataException($"{path}: ends at byte {fileLength}; expected the header of a NIST SPHERE file.");
        }

        Span<byte> magic = stackalloc byte[MagicLength];
        WavReader.Fill(file, magic, 0, path);
        string text = Encoding.Latin1.GetString(magic[8..]).Trim();
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int length) || length is < MagicLength or > MaxLength)
        {
            throw new InvalidDataException(
                $"{path}: byte 8: found the header length '{text}'; expected {MagicLength} to {MaxLength}, as in NIST SPHERE files.");
        }

        return length <= fileLength
            ? length
            : throw new InvalidDataException($"{path}: its SPHERE header has {length} bytes; the file holds {fileLength}.");
    }

    private static Dictionary<string, string> ReadFields(string header, string path)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string line in header.Split('\n').Skip(2).Select(line => line.Trim()))
        {
            if (line == "end_head")
            {
                return fields;
            }

            string[] parts = line.Split(' ', 3, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            if (parts.Length == 3 && parts[1].StartsWith('-'))
            {
                fields.TryAdd(parts[0], parts[2]);
            }
        }

        throw new InvalidDataException($"{path}: its SPHERE header has no line 'end_head'.");
    }

    private static int Number(Dictionary<string, string> fields, string name, int? standard, int least, int most, string path)
    {
        if (!fields.TryGetValue(name, out string? text))
        {
            return standard ?? throw new InvalidDataException($"{path}: its SPHERE header has no {name}; expected {least} to {most}.");
        }

        return int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value)
            && value >= least && value <= most
                ? value
                : throw Fault(path, name, text, $"{least} to {most}");
    }

    // "01": least significant byte first, "10": most significant byte first; longer samples likewise, "0123" and "3210", though sox writes
    // "01" and "10" for them too.
    private static bool IsBigEndian(Dictionary<string, string> fields, int sampleBytes, string path)
    {
        string ascending = "0123"[..sampleBytes], descending = "3210"[(4 - sampleBytes)..];
        string format = fields.GetValueOrDefault("sample_byte_format", ascending);
        return format == descending || format == "10" || (format != ascending && format != "01"
            ? throw Fault(path, "sample_byte_format", format, $"{ascending} or {descending}")
            : false);
    }

    private static InvalidDataException Fault(string path, string name, string found, string expected) =>
        new($"{path}: its SPHERE header has the {name} '{found}'; expected {expected}.");
}
