using System.Buffers.Binary;
using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;

namespace CrossModalVae.Audio.Ffmpeg;

/// <summary>Samples of an ffmpeg process from a pipe, mixed down to one channel. Dispose stops the process. Not thread-safe.</summary>
internal sealed partial class FfmpegStream : IDisposable
{
    private const int HeaderLength = 24;
    private const uint Magic = 0x2E736E64; // ".snd"
    private const uint FloatEncoding = 6;
    private const int MaxErrorLength = 4096;
    private const string EndsEarly = "ended prematurely";

    private readonly string _path;
    private readonly string _program;
    private readonly Process _process;
    private readonly bool _decodesDamaged;
    private readonly Stream _pipe;
    private readonly Task<string> _errors;
    private readonly CancellationToken _cancellationToken;
    private readonly CancellationTokenRegistration _cancellation;
    private readonly byte[] _bytes = new byte[1 << 16];
    private int _start;
    private int _end;

    public FfmpegStream(
        string path,
        double startSeconds,
        double? durationSeconds,
        CancellationToken cancellationToken,
        string? kind = null,
        bool decodesDamaged = false)
    {
        if (!File.Exists(path))
        {
            throw new FileNotFoundException($"{path}: no such file.", path);
        }

        cancellationToken.ThrowIfCancellationRequested();
        _path = path;
        (_cancellationToken, _decodesDamaged) = (cancellationToken, decodesDamaged);
        _program = FfmpegProgram.Find(path, kind);
        _process = FfmpegProgram.Start(_program, path, startSeconds, durationSeconds, decodesDamaged);
        try
        {
            _pipe = _process.StandardOutput.BaseStream;
            _errors = Task.Run(() => ReadErrors(_process), CancellationToken.None);
            _cancellation = cancellationToken.Register(() => Kill(_process));
            ReadHeader();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public int SampleRateHz { get; private set; }

    /// <summary>Whether the process has exited.</summary>
    public bool HasEnded => _process.HasExited;

    private int ChannelCount { get; set; } = 1;

    /// <summary>Reads the next samples; fewer than asked for, and then none, at the end.</summary>
    public int Read(Span<float> mono)
    {
        int block = ChannelCount * sizeof(float);
        int done = 0;
        while (done < mono.Length)
        {
            if (_end - _start < block && !Refill(block))
            {
                Finish();
                if (_end > _start)
                {
                    throw new InvalidDataException($"{_path}: ffmpeg's output ends within a sample.");
                }

                break;
            }

            int count = Math.Min((_end - _start) / block, mono.Length - done);
            MixDown(_bytes.AsSpan(_start, count * block), mono.Slice(done, count));
            _start += count * block;
            done += count;
        }

        return done;
    }

    public void Dispose()
    {
        _cancellation.Dispose();
        Kill(_process);
        _process.WaitForExit();
        _process.Dispose();
    }

    [GeneratedRegex(@"^(\[[^\]]*\] )+")]
    private static partial Regex Origin();

    private void MixDown(ReadOnlySpan<byte> bytes, Span<float> mono)
    {
        int position = 0;
        for (int i = 0; i < mono.Length; i++)
        {
            double sum = 0;
            for (int channel = 0; channel < ChannelCount; channel++, position += sizeof(float))
            {
                sum += BinaryPrimitives.ReadSingleBigEndian(bytes[position..]);
            }

            mono[i] = (float)(sum / ChannelCount);
        }
    }

    private void ReadHeader()
    {
        if (!Refill(HeaderLength))
        {
            Finish();
            throw new InvalidDataException($"{_path}: ffmpeg finds no sound in it.");
        }

        ReadOnlySpan<byte> header = _bytes.AsSpan(0, HeaderLength);
        uint magic = BinaryPrimitives.ReadUInt32BigEndian(header);
        uint offset = BinaryPrimitives.ReadUInt32BigEndian(header[4..]);
        uint encoding = BinaryPrimitives.ReadUInt32BigEndian(header[12..]);
        uint rate = BinaryPrimitives.ReadUInt32BigEndian(header[16..]);
        uint channels = BinaryPrimitives.ReadUInt32BigEndian(header[20..]);
        if (magic != Magic
            || encoding != FloatEncoding
            || offset < HeaderLength
            || offset > _bytes.Length
            || channels is 0 or > 1024
            || !Refill((int)offset))
        {
            throw new InvalidDataException(
                $"{_path}: the program 'ffmpeg' on the PATH writes no .au header of 32-bit floats; expected ffmpeg 4 or later.");
        }

        if (rate is < AudioClip.MinSampleRateHz or > AudioClip.MaxSampleRateHz)
        {
            throw new InvalidDataException(
                $"{_path}: found a rate of {rate} Hz; expected {AudioClip.MinSampleRateHz} to {AudioClip.MaxSampleRateHz} Hz.");
        }

        (SampleRateHz, ChannelCount) = ((int)rate, (int)channels);
        _start = (int)offset;
    }

    // Makes at least so many bytes available; false where the pipe ends before.
    private bool Refill(int needed)
    {
        if (_start > 0)
        {
            _bytes.AsSpan(_start, _end - _start).CopyTo(_bytes);
            (_start, _end) = (0, _end - _start);
        }

        while (_end < needed)
        {
            int got = _pipe.Read(_bytes, _end, _bytes.Length - _end);
            if (got == 0)
            {
                return false;
            }

            _end += got;
        }

        return true;
    }

    private void Finish()
    {
        _process.WaitForExit();
        _cancellationToken.ThrowIfCancellationRequested();
        string reason = Reason(_errors.Result);
        bool endsEarly = !_decodesDamaged && reason.Contains(EndsEarly, StringComparison.Ordinal); // of Matroska: no failure to ffmpeg
        if (_process.ExitCode == 0 && !endsEarly)
        {
            return;
        }

        if (reason.Length == 0)
        {
            reason = ReasonOfAnotherRun();
        }

        reason = reason.Length == 0 ? $"exit code {_process.ExitCode}" : reason;
        throw new InvalidDataException($"{_path}: ffmpeg cannot read its sound: {reason}.");
    }

    // "[mov,mp4 @ 0x55d55e7e4100] moov atom not found.": the first line without the address.
    private static string Reason(string errors) => Origin().Replace(errors.Split('\n', 2)[0].Trim(), "").TrimEnd('.');

    // Where ffmpeg stops at a fault that it otherwise reports and passes over, it says nothing.
    private string ReasonOfAnotherRun()
    {
        using Process process = FfmpegProgram.StartForMessages(_program, _path);
        using CancellationTokenRegistration cancellation = _cancellationToken.Register(() => Kill(process));
        string errors = ReadErrors(process);
        process.WaitForExit();
        _cancellationToken.ThrowIfCancellationRequested();
        return Reason(errors);
    }

    // The start is enough; the rest is read and dropped so that ffmpeg never waits.
    private static string ReadErrors(Process process)
    {
        var text = new StringBuilder();
        var buffer = new char[MaxErrorLength];
        while (process.StandardError.Read(buffer) is int got and > 0)
        {
            text.Append(buffer, 0, Math.Min(got, MaxErrorLength - text.Length));
        }

        return text.ToString();
    }

    private static void Kill(Process process)
    {
        try
        {
            if (!process.HasExited)
            {
                process.Kill();
            }
        }
        catch (InvalidOperationException)
        {
            // It has exited in between.
        }
    }
}
