using static System.FormattableString;

namespace CrossModalVae.Audio.Media;

/// <summary>
/// A part of a file that ffmpeg decodes. Its length is known only once all of it has come by: what fits is held meanwhile, and what
/// lies beyond is decoded a second time when it is asked for, so memory stays bounded.
/// </summary>
internal sealed class MediaReader : IClipReader
{
    /// <summary>32 MiB, three minutes at 48 kHz.</summary>
    public const int DefaultHeldCount = 1 << 23;

    private const int FirstCount = 1 << 17;

    // ffmpeg cuts by the clock, and after a seek the first frames of MP3 are silent, because they draw on bits of frames before
    // them. So it is sent to a whole second, a sample's time at any rate, at least this much earlier, and asked for a little
    // more; the cut to the sample is made here.
    private const double RunUpSeconds = 1;
    private const double ExtraSeconds = 0.01;

    private readonly string _path;
    private readonly double _startSeconds;
    private readonly double? _durationSeconds;
    private readonly double _seekSeconds;
    private readonly CancellationToken _cancellationToken;
    private readonly float[] _held;

    public MediaReader(
        string path, double startSeconds, double? durationSeconds, CancellationToken cancellationToken, int heldCount = DefaultHeldCount)
    {
        (_path, _startSeconds, _durationSeconds, _cancellationToken) = (path, startSeconds, durationSeconds, cancellationToken);
        _seekSeconds = Math.Max(0, Math.Floor(startSeconds - RunUpSeconds));
        using MediaStream stream = Open();
        SampleRateHz = stream.SampleRateHz;
        long limit = Limit();
        var passing = new float[FirstCount];
        bool starts = Skip(stream, RunUp, passing);
        _held = new float[(int)Math.Min(FirstCount, heldCount)];
        int held = starts ? Fill(stream, ref _held, (int)Math.Min(limit, heldCount)) : 0;
        SampleCount = held;
        if (held == heldCount)
        {
            while (SampleCount < limit
                && stream.Read(passing.AsSpan(0, (int)Math.Min(passing.Length, limit - SampleCount))) is int got and > 0)
            {
                SampleCount += got;
            }
        }

        if (SampleCount == 0)
        {
            throw new InvalidDataException(startSeconds > 0
                ? Invariant($"{path}: ends before {startSeconds:0.###} s, where the clip is said to start.")
                : $"{path}: ffmpeg finds no sound in it.");
        }
    }

    public int SampleRateHz { get; }

    public long SampleCount { get; }

    public static AudioClip ReadAll(string path, double startSeconds, double? durationSeconds, CancellationToken cancellationToken)
    {
        AudioFile.CheckPart(startSeconds, durationSeconds);
        using var reader = new MediaReader(path, startSeconds, durationSeconds, cancellationToken, Array.MaxLength);
        if (reader.SampleCount > Array.MaxLength)
        {
            throw new InvalidDataException(
                $"{path}: the part asked for has {reader.SampleCount} samples; "
                + $"at most {Array.MaxLength} fit in memory, so read it in parts.");
        }

        ReadOnlyMemory<float> samples = reader._held.AsMemory(0, (int)reader.SampleCount);
        reader.Check(0, samples.Span);
        return new AudioClip(samples, reader.SampleRateHz);
    }

    public void Read(long firstIndex, Span<float> destination)
    {
        if (firstIndex + destination.Length <= _held.Length)
        {
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
        // The decoder has ended with each pass.
    }

    private static int Fill(MediaStream stream, ref float[] buffer, int limit)
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

    private long RunUp => (long)Math.Round(_startSeconds * SampleRateHz) - ((long)_seekSeconds * SampleRateHz);

    private MediaStream Open() =>
        new(_path, _seekSeconds, _startSeconds - _seekSeconds + _durationSeconds + ExtraSeconds, _cancellationToken);

    private long Limit() => _durationSeconds is double duration
        ? (long)Math.Clamp(Math.Round(duration * SampleRateHz), 1, long.MaxValue / 2)
        : long.MaxValue / 2;

    private void ReadAgain(long firstIndex, Span<float> destination)
    {
        using MediaStream stream = Open();
        bool same = Skip(stream, RunUp + firstIndex, new float[FirstCount]);
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

    private static bool Skip(MediaStream stream, long count, float[] passing)
    {
        while (count > 0)
        {
            int got = stream.Read(passing.AsSpan(0, (int)Math.Min(passing.Length, count)));
            if (got == 0)
            {
                return false;
            }

            count -= got;
        }

        return true;
    }
}
