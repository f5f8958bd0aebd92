using Microsoft.Win32.SafeHandles;
using static System.FormattableString;

namespace CrossModalVae.Audio;

/// <summary>A part of an open wav file, mixed down to one channel. Not thread-safe; reads only what is asked for.</summary>
internal sealed class WavReader : IClipReader
{
    private readonly string _path;
    private readonly SafeFileHandle _file;
    private readonly WavHeader _header;
    private readonly byte[] _scratch;
    private readonly long _firstIndex;

    /// <summary>Opens a file. The scratch memory, at least <see cref="MinScratchLength"/> bytes to read samples, is in use until disposal.
    /// A part that ends after the file ends with the file.</summary>
    public WavReader(string path, byte[] scratch, double startSeconds = 0, double? durationSeconds = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (!File.Exists(path))
        {
            throw new FileNotFoundException($"{path}: no such file.", path);
        }

        _path = path;
        _scratch = scratch;
        _file = File.OpenHandle(path);
        try
        {
            _header = WavHeader.Read(_file, path);
            (_firstIndex, SampleCount) = Select(startSeconds, durationSeconds);
        }
        catch
        {
            _file.Dispose();
            throw;
        }
    }

    /// <summary>Enough for the largest block that a header can state, 65,535 bytes, and for three seconds of 16-bit mono.</summary>
    public static int MinScratchLength => 1 << 17;

    public WavInfo Info => _header.Info;

    /// <summary>Bytes read so far beyond the header.</summary>
    public long BytesRead { get; private set; }

    public int SampleRateHz => _header.Info.SampleRateHz;

    public long SampleCount { get; }

    /// <summary>Fills memory from a file.</summary>
    internal static void Fill(SafeFileHandle file, Span<byte> bytes, long offset, string path)
    {
        while (!bytes.IsEmpty)
        {
            int count = RandomAccess.Read(file, bytes, offset);
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
        int block = _header.BlockLength;
        int step = _scratch.Length / block;
        long index = _firstIndex + firstIndex;
        while (!destination.IsEmpty)
        {
            int count = Math.Min(step, destination.Length);
            Span<byte> bytes = _scratch.AsSpan(0, count * block);
            long offset = _header.DataOffset + (index * block);
            Fill(_file, bytes, offset, _path);
            BytesRead += bytes.Length;
            Span<float> part = destination[..count];
            PcmDecoder.DecodeMono(bytes, _header.Info, part);
            int fault = _header.Info.Encoding == WavEncoding.IeeeFloat ? AudioClip.IndexOfFault(part) : -1;
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

    private (long First, long Count) Select(double startSeconds, double? durationSeconds)
    {
        AudioFile.CheckPart(startSeconds, durationSeconds);
        WavInfo info = _header.Info;
        double first = Math.Round(startSeconds * info.SampleRateHz);
        if (first >= info.SampleCount)
        {
            throw new InvalidDataException(
                Invariant($"{_path}: ends at {info.DurationSeconds:0.###} s ({info.SampleCount} samples at {info.SampleRateHz} Hz); ")
                + Invariant($"the clip is said to start at {startSeconds:0.###} s."));
        }

        long rest = info.SampleCount - (long)first;
        return ((long)first, durationSeconds is double d ? (long)Math.Clamp(Math.Round(d * info.SampleRateHz), 1, rest) : rest);
    }
}
