using System.Buffers.Binary;
using System.Runtime.InteropServices;
using CrossModalVae.Files;
using static System.FormattableString;

namespace CrossModalVae.Audio;

/// <summary>A part of an open uncompressed file, mixed down to one channel. Not thread-safe; reads only what is asked for.</summary>
internal sealed class WavReader : IClipReader
{
    private readonly string _path;
    private readonly SoundSource _file;
    private readonly SoundLayout _layout;
    private readonly byte[] _scratch;
    private readonly long _firstIndex;

    /// <summary>Opens a wav file. The scratch memory, at least <see cref="MinScratchLength"/> bytes to read samples, is in use until
    /// disposal. A part that ends after the file ends with the file.</summary>
    public WavReader(string path, byte[] scratch, double startSeconds = 0, double? durationSeconds = null)
        : this(Open(path), path, ReadUncompressed, scratch, startSeconds, durationSeconds)
    {
    }

    /// <summary>Takes over an open file whose layout is known.</summary>
    public WavReader(
        SoundSource file, string path, SoundLayout layout, byte[] scratch, double startSeconds, double? durationSeconds)
        : this(file, path, (_, _) => layout, scratch, startSeconds, durationSeconds)
    {
    }

    private WavReader(
        SoundSource file,
        string path,
        Func<SoundSource, string, SoundLayout> layout,
        byte[] scratch,
        double startSeconds,
        double? durationSeconds)
    {
        (_file, _path, _scratch) = (file, path, scratch);
        try
        {
            _layout = layout(file, path);
            (_firstIndex, SampleCount) =
                AudioFile.Select(path, _layout.Info.SampleCount, _layout.Info.SampleRateHz, startSeconds, durationSeconds);
        }
        catch
        {
            _file.Dispose();
            throw;
        }
    }

    /// <summary>Enough for the largest block that a header can state, 65,535 bytes, and for three seconds of 16-bit mono.</summary>
    public static int MinScratchLength => 1 << 17;

    public WavInfo Info => _layout.Info;

    /// <summary>Bytes read so far beyond the header.</summary>
    public long BytesRead { get; private set; }

    public int SampleRateHz => _layout.Info.SampleRateHz;

    public long SampleCount { get; }

    public SoundNotes Notes => _layout.Notes;

    /// <summary>Opens a file, which must exist.</summary>
    internal static SoundSource Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (!File.Exists(path))
        {
            throw Directory.Exists(path)
                ? new InvalidDataException($"{path}: is a folder; expected a sound file.")
                : new FileNotFoundException($"{path}: no such file.", path);
        }

        InputFile.RequireBytes(path, "a sound file");
        return SoundSource.Of(File.OpenHandle(path));
    }

    /// <summary>Fills memory from a file.</summary>
    internal static void Fill(SoundSource file, Span<byte> bytes, long offset, string path)
    {
        while (!bytes.IsEmpty)
        {
            int count = file.Read(bytes, offset);
            if (count == 0)
            {
                throw new InvalidDataException($"{path}: ends at byte {offset}, although it was longer when it was opened.");
            }

            bytes = bytes[count..];
            offset += count;
        }
    }

    public void Read(long firstIndex, Span<float> destination)
    {
        int block = _layout.BlockLength;
        int step = _scratch.Length / block;
        long index = _firstIndex + firstIndex;
        while (!destination.IsEmpty)
        {
            (long offset, long following) = _layout.Find(index);
            int count = (int)Math.Min(Math.Min(step, destination.Length), following);
            Span<byte> bytes = _scratch.AsSpan(0, count * block);
            Fill(_file, bytes, offset, _path);
            BytesRead += bytes.Length;
            if (_layout.IsBigEndian)
            {
                Reverse(bytes, _layout.Info.BitsPerSample / 8);
            }

            Span<float> part = destination[..count];
            PcmDecoder.DecodeMono(bytes, _layout.Info, part);
            int fault = _layout.Info.Encoding == WavEncoding.IeeeFloat ? AudioClip.IndexOfFault(part) : -1;
            if (fault >= 0)
            {
                throw new InvalidDataException(
                    Invariant($"{_path}: byte {offset + ((long)fault * block)}: found a sample of {part[fault]}; ")
                    + Invariant($"expected numbers within ±{AudioClip.MaxMagnitude} (full scale is 1)."));
            }

            destination = destination[count..];
            index += count;
        }
    }

    public void Dispose() => _file.Dispose();

    private static SoundLayout ReadUncompressed(SoundSource file, string path)
    {
        SoundLayout layout = WavHeader.Read(file, path);
        return layout.ForeignFault is null ? layout : throw new InvalidDataException($"{path}: {layout.ForeignFault}.");
    }

    // Samples of another byte order.
    private static void Reverse(Span<byte> bytes, int sampleLength)
    {
        switch (sampleLength)
        {
            case 2:
                Span<short> shorts = MemoryMarshal.Cast<byte, short>(bytes);
                BinaryPrimitives.ReverseEndianness(shorts, shorts);
                break;
            case 3:
                for (int i = 0; i < bytes.Length; i += 3)
                {
                    (bytes[i], bytes[i + 2]) = (bytes[i + 2], bytes[i]);
                }

                break;
            case 4:
                Span<int> ints = MemoryMarshal.Cast<byte, int>(bytes);
                BinaryPrimitives.ReverseEndianness(ints, ints);
                break;
            case 8:
                Span<long> longs = MemoryMarshal.Cast<byte, long>(bytes);
                BinaryPrimitives.ReverseEndianness(longs, longs);
                break;
        }
    }
}
