using System.Buffers;
using System.Buffers.Binary;
using CrossModalVae.Files;

namespace CrossModalVae.Audio;

/// <summary>
/// Reads and writes wav files. Read: PCM of 8 to 32 bits, also 12 in 16, 20 in 24 and 24 in 32, IEEE floats of 32 and 64 bits, A-law and
/// mu-law, plain or WAVE_FORMAT_EXTENSIBLE, RIFF, RIFX (most significant byte first) or, beyond 4 GB, RF64 and BW64, any number of
/// channels, 1 to 768 kHz, chunks in any order, several data chunks as one sound. Channels are averaged with equal weights. A data chunk
/// longer than the file is refused as truncated; sizes that mean "unknown" (0xFFFFFFFF, 0x7FFFF000 and near 2^31 and 2^32, 0), as a
/// writer into a pipe leaves them, mean the file's end. Bytes after the last whole sample are left out. Compressed wav files are read by
/// <see cref="AudioFile"/>. Written: 16-bit PCM, one channel.
/// </summary>
public static class WavFile
{
    private const int HeaderLength = 44;

    /// <summary>Reads the header only.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is empty, truncated, no wav file, or holds an encoding that is not read; the message
    /// names file, byte, found and expected.</exception>
    public static WavInfo ReadInfo(string path)
    {
        using var reader = new WavReader(path, []);
        return reader.Info;
    }

    /// <summary>Reads a clip, or a part of it, mixed down to one channel. Only the samples asked for are read from the file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="startSeconds">Where to start, from 0; rounded to the nearest sample. Default 0.</param>
    /// <param name="durationSeconds">How much to read, above 0; null, and anything beyond the end, means to the end. Default null.</param>
    /// <returns>At least one sample, integers scaled by their full range to [-1, 1).</returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">As <see cref="ReadInfo"/>; or the part starts after the end, has more samples than an array,
    /// or holds a float that is not a number within ±<see cref="AudioClip.MaxMagnitude"/>.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A negative start, or a duration that is not above 0.</exception>
    public static AudioClip Read(string path, double startSeconds = 0, double? durationSeconds = null)
    {
        byte[] scratch = ArrayPool<byte>.Shared.Rent(WavReader.MinScratchLength);
        try
        {
            using var reader = new WavReader(path, scratch, startSeconds, durationSeconds);
            AudioFile.RequireArrayLength(path, reader.SampleCount);
            var samples = new float[reader.SampleCount];
            reader.Read(0, samples);
            return new AudioClip(samples, reader.SampleRateHz);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(scratch);
        }
    }

    /// <summary>Writes a clip as 16-bit PCM; see <see cref="Write(string, ReadOnlySpan{float}, int)"/>.</summary>
    /// <param name="path">The file; replaced where it exists.</param>
    /// <param name="clip">What to write.</param>
    /// <exception cref="IOException">The file cannot be written; what was there is untouched.</exception>
    public static void Write(string path, AudioClip clip)
    {
        ArgumentNullException.ThrowIfNull(clip);
        Write(path, clip.Samples.Span, clip.SampleRateHz);
    }

    /// <summary>
    /// Writes samples as 16-bit PCM of one channel: x * 32768 rounded to the nearest integer (ties to even) and clipped to [-32768, 32767],
    /// so that reading a 16-bit file and writing it again changes nothing. The same samples give the same bytes.
    /// </summary>
    /// <param name="path">The file; replaced where it exists, its folder is created where missing.</param>
    /// <param name="samples">Numbers, nominally in [-1, 1].</param>
    /// <param name="sampleRateHz">Samples per second, <see cref="AudioClip.MinSampleRateHz"/> to
    /// <see cref="AudioClip.MaxSampleRateHz"/>.</param>
    /// <exception cref="ArgumentException">No samples, more than 2 GB of them, or one that is not a number.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The rate is out of range.</exception>
    /// <exception cref="IOException">The file cannot be written; what was there is untouched.</exception>
    public static void Write(string path, ReadOnlySpan<float> samples, int sampleRateHz)
    {
        byte[] bytes = Encode(samples, sampleRateHz);
        AtomicFile.Write(path, stream => stream.Write(bytes));
    }

    /// <summary>The bytes of the file that <see cref="Write(string, ReadOnlySpan{float}, int)"/> writes.</summary>
    internal static byte[] Encode(ReadOnlySpan<float> samples, int sampleRateHz)
    {
        AudioClip.CheckRate(sampleRateHz, nameof(sampleRateHz));
        if (samples.IsEmpty || samples.Length > (Array.MaxLength - HeaderLength) / 2)
        {
            throw new ArgumentException(
                $"There are {samples.Length} samples; a wav file written here holds 1 to {(Array.MaxLength - HeaderLength) / 2}.",
                nameof(samples));
        }

        var bytes = new byte[HeaderLength + (2 * samples.Length)];
        WriteHeader(bytes, sampleRateHz);
        for (int i = 0; i < samples.Length; i++)
        {
            double scaled = Math.Round(samples[i] * 32_768.0);
            if (double.IsNaN(scaled))
            {
                throw new ArgumentException($"Sample {i} is NaN; must be a number.", nameof(samples));
            }

            BinaryPrimitives.WriteInt16LittleEndian(
                bytes.AsSpan(HeaderLength + (2 * i)), (short)Math.Clamp(scaled, short.MinValue, short.MaxValue));
        }

        return bytes;
    }

    private static void WriteHeader(Span<byte> bytes, int sampleRateHz)
    {
        "RIFF"u8.CopyTo(bytes);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[4..], bytes.Length - 8);
        "WAVEfmt "u8.CopyTo(bytes[8..]);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[16..], 16);
        BinaryPrimitives.WriteInt16LittleEndian(bytes[20..], 1);
        BinaryPrimitives.WriteInt16LittleEndian(bytes[22..], 1);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[24..], sampleRateHz);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[28..], 2 * sampleRateHz);
        BinaryPrimitives.WriteInt16LittleEndian(bytes[32..], 2);
        BinaryPrimitives.WriteInt16LittleEndian(bytes[34..], 16);
        "data"u8.CopyTo(bytes[36..]);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[40..], bytes.Length - HeaderLength);
    }
}
