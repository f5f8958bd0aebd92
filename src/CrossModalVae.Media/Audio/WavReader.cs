using Microsoft.Win32.SafeHandles;
using static System.FormattableString;

namespace CrossModalVae.Audio;

/// <summary>A region of an open wav file, mixed down to one channel. Not thread-safe; reads only what is asked for.</summary>
internal sealed class WavReader : IClipReader
{
    private readonly string _path;
    private readonly SafeFileHandle _file;
    private readonly WavHeader _header;
    private readonly byte[] _scratch;
    private long _firstIndex;

    /// <param name="path">The file.</param>
    /// <param name="scratch">At least <see cref="MinScratchLength"/> bytes, in use until the reader is disposed.</param>
    public WavReader(string path, byte[] scratch)
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
        }
        catch
        {
            _file.Dispose();
            throw;
        }

        SampleCount = _header.Info.SampleCount;
    }

    /// <summary>The largest block a header can state is 65,535 bytes; three seconds of 16-bit mono fit in one read.</summary>
    public static int MinScratchLength => 1 << 17;

    public WavInfo Info => _header.Info;

    /// <summary>Bytes read so far beyond the header.</summary>
    public long BytesRead { get; private set; }

    public int SampleRateHz => _header.Info.SampleRateHz;

    public long SampleCount { get; private set; }

    /// <summary>Restricts the reader to a part of the file; a part that ends after the file ends with the file.</summary>
    public void Select(double startSeconds, double? durationSeconds)
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

        _firstIndex = (long)first;
        SampleCount = info.SampleCount - _firstIndex;
        if (durationSeconds is double duration)
        {
            SampleCount = (long)Math.Clamp(Math.Round(duration * info.SampleRateHz), 1, SampleCount);
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
            Fill(bytes, offset);

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

    internal static InvalidDataException Shrunk(string path, long offset) =>
        new($"{path}: ends at byte {offset}, although it was longer when it was opened.");

    private void Fill(Span<byte> bytes, long offset)
    {
        while (!bytes.IsEmpty)
        {
            int got = RandomAccess.Read(_file, bytes, offset);
            if (got == 0)
            {
                throw Shrunk(_path, offset);
            }

            bytes = bytes[got..];
            offset += got;
            BytesRead += got;
        }
    }
}
