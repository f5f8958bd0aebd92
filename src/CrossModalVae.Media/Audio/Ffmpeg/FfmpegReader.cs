using static System.FormattableString;

namespace CrossModalVae.Audio.Ffmpeg;

/// <summary>
/// A part of a file, decoded by ffmpeg. Its length is known only after all of it was decoded: the start is kept in memory, what does not
/// fit is decoded again when it is read, so memory stays bounded.
/// </summary>
internal sealed class FfmpegReader : IClipReader
{
    /// <summary>Samples kept in memory: 32 MiB, three minutes at 48 kHz.</summary>
    public const int DefaultHeldCount = 1 << 23;

    /// <summary>For all of a clip: as many as an array holds.</summary>
    public static readonly int MaxHeldCount = Array.MaxLength;

    private const int FirstCount = 1 << 17;

    // ffmpeg cuts by time, not by sample, and after a seek the first frames of MP3 are silent, because they need bits of earlier frames.
    // So it seeks to a whole second, which is a sample's time at any rate, at least this much earlier, and decodes a little more;
    // the cut to the sample is made here.
    private const double PreRollSeconds = 1;
    private const double ExtraSeconds = 0.01;

    private readonly string _path;
    private readonly string? _kind;
    private readonly double _startSeconds;
    private readonly double? _durationSeconds;
    private readonly double _seekSeconds;
    private readonly CancellationToken _cancellationToken;
    private readonly int _heldCount;
    private float[] _held = [];
    private bool _decodesDamaged;

    /// <summary>Decodes a part of a file; <paramref name="kind"/> says what it is where its name does not,
    /// <paramref name="notes"/> what is known to be wrong with it, <paramref name="isOpen"/> that its last piece may be of any
    /// length.</summary>
    public FfmpegReader(
        string path,
        string? kind,
        SoundNotes notes,
        bool isOpen,
        double startSeconds,
        double? durationSeconds,
        SoundReading reading,
        CancellationToken cancellationToken,
        int heldCount = DefaultHeldCount)
    {
        (_path, _kind, _startSeconds, _durationSeconds) = (path, kind, startSeconds, durationSeconds);
        (_cancellationToken, _heldCount) = (cancellationToken, heldCount);
        (Notes, _decodesDamaged) = (notes, isOpen);
        _seekSeconds = Math.Max(0, Math.Floor(startSeconds - PreRollSeconds));
        try
        {
            Decode();
        }
        catch (InvalidDataException) when (reading.ToleratesTruncation)
        {
            _decodesDamaged = true;
            Decode();
            Notes |= SoundNotes.Truncated;
        }
    }

    public int SampleRateHz { get; private set; }

    public long SampleCount { get; private set; }

    public SoundNotes Notes { get; }

    public void Read(long firstIndex, Span<float> destination)
    {
        if (firstIndex + destination.Length <= _held.Length)
        {
            // All of what is asked for exists, so it is in the part that was filled.
            _held.AsSpan((int)firstIndex, destination.Length).CopyTo(destination);
        }
        else
        {
            ReadAgain(firstIndex, destination);
        }

        Check(firstIndex, destination);
    }

    public void Dispose()
    {
        // Each pass has stopped its own decoder.
    }

    private void Decode()
    {
        using FfmpegStream stream = Open();
        SampleRateHz = stream.SampleRateHz;
        long limit = Limit();
        var skipped = new float[FirstCount];
        bool starts = Skip(stream, PreRoll, skipped);
        _held = new float[(int)Math.Min(FirstCount, _heldCount)];
        int held = starts ? Fill(stream, ref _held, (int)Math.Min(limit, _heldCount)) : 0;
        SampleCount = held;
        if (held == _heldCount)
        {
            while (SampleCount < limit
                && stream.Read(skipped.AsSpan(0, (int)Math.Min(skipped.Length, limit - SampleCount))) is int got and > 0)
            {
                SampleCount += got;
            }
        }

        if (SampleCount == 0)
        {
            throw new InvalidDataException(_startSeconds > 0
                ? Invariant($"{_path}: ends before {_startSeconds:0.###} s, where the clip is said to start.")
                : $"{_path}: ffmpeg finds no sound in it.");
        }
    }

    private static int Fill(FfmpegStream stream, ref float[] buffer, int limit)
    {
        int count = 0;
        while (count < limit)
        {
            if (count == buffer.Length)
            {
                Array.Resize(ref buffer, (int)Math.Min(limit, 2L * buffer.Length));
            }

            int got = stream.Read(buffer.AsSpan(count, Math.Min(buffer.Length, limit) - count));
            if (got == 0)
            {
                break;
            }

            count += got;
        }

        return count;
    }

    private void Check(long firstIndex, ReadOnlySpan<float> samples)
    {
        int fault = AudioClip.IndexOfFault(samples);
        if (fault >= 0)
        {
            throw new InvalidDataException(
                Invariant($"{_path}: sample {firstIndex + fault} of the clip is {samples[fault]}; ")
                + Invariant($"expected numbers within ±{AudioClip.MaxMagnitude} (full scale is 1)."));
        }
    }

    private long PreRoll => (long)Math.Round(_startSeconds * SampleRateHz) - ((long)_seekSeconds * SampleRateHz);

    private FfmpegStream Open() => new(
        _path,
        _seekSeconds,
        _startSeconds - _seekSeconds + _durationSeconds + ExtraSeconds,
        _cancellationToken,
        _kind,
        _decodesDamaged);

    private long Limit() => _durationSeconds is double duration
        ? (long)Math.Clamp(Math.Round(duration * SampleRateHz), 1, long.MaxValue / 2)
        : long.MaxValue / 2;

    private void ReadAgain(long firstIndex, Span<float> destination)
    {
        using FfmpegStream stream = Open();
        bool same = Skip(stream, PreRoll + firstIndex, new float[FirstCount]);
        while (same && !destination.IsEmpty)
        {
            int got = stream.Read(destination);
            same = got > 0;
            destination = destination[got..];
        }

        if (!same)
        {
            throw new InvalidDataException($"{_path}: ends earlier than when it was read a moment ago.");
        }
    }

    private static bool Skip(FfmpegStream stream, long count, float[] skipped)
    {
        while (count > 0)
        {
            int got = stream.Read(skipped.AsSpan(0, (int)Math.Min(skipped.Length, count)));
            if (got == 0)
            {
                return false;
            }

            count -= got;
        }

        return true;
    }
}
