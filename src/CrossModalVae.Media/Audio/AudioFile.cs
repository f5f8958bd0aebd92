using System.Buffers;
using CrossModalVae.Audio.Ffmpeg;
using static System.FormattableString;

namespace CrossModalVae.Audio;

/// <summary>
/// Reads sound files at their own rate, mixed down to one channel: uncompressed wav (<see cref="WavFile"/>) and NIST SPHERE files by this
/// library, compressed wav, other audio files and the sound track of videos through the program <c>ffmpeg</c> on the PATH. The content
/// decides between them, not the name; only where the content tells nothing, a name with one of <see cref="MediaEndings"/> goes to ffmpeg.
/// </summary>
public static class AudioFile
{
    /// <summary>Extensions of files that ffmpeg decodes: audio first, then video.</summary>
    public static IReadOnlyList<string> MediaEndings { get; } =
    [
        ".flac", ".mp3", ".m4a", ".ogg", ".oga", ".opus", ".aac", ".wma", ".aif", ".aiff", ".sph", ".caf", ".amr", ".mka",
        ".aifc", ".au", ".snd", ".w64", ".mp2", ".m4b", ".spx", ".wv", ".tta", ".ape", ".voc", ".gsm", ".ac3", ".eac3", ".dts", ".nist",
        ".mp4", ".mkv", ".avi", ".webm", ".mov", ".mpg", ".mpeg", ".flv", ".wmv",
        ".m4v", ".3gp", ".3g2", ".ts", ".mts", ".m2ts", ".vob", ".ogv", ".asf", ".rm",
    ];

    /// <summary>The ffmpeg that would be used, the first on the PATH; null where there is none.</summary>
    public static string? FfmpegPath => FfmpegProgram.TryFind();

    /// <summary>Whether a file of this name is normally read through ffmpeg. A file's content may say otherwise.</summary>
    /// <param name="path">Path or name.</param>
    public static bool NeedsFfmpeg(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return MediaEndings.Any(ending => path.EndsWith(ending, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>Throws where a file of this name needs ffmpeg and there is none, before a long run reports it for each file.</summary>
    /// <exception cref="FileNotFoundException">There is no ffmpeg on the PATH.</exception>
    internal static void RequireReader(string path)
    {
        if (NeedsFfmpeg(path) && FfmpegPath is null && File.Exists(path))
        {
            using SoundSource file = WavReader.Open(path);
            _ = ReadLayout(file, path, SoundReading.Strict) ?? throw FfmpegProgram.Missing(path, null);
        }
    }

    /// <summary>
    /// Reads a clip, or a part of it, mixed down to one channel. Of an uncompressed file only the selected samples are read; ffmpeg seeks.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="startSeconds">Where to start, from 0; rounded to the nearest sample. Default 0.</param>
    /// <param name="durationSeconds">How much to read, above 0; null, and anything beyond the end, means to the end. Default null.</param>
    /// <param name="cancellationToken">Stops the decoder.</param>
    /// <returns>At least one sample at the file's own rate.</returns>
    /// <exception cref="FileNotFoundException">There is no such file, or no ffmpeg to read it with.</exception>
    /// <exception cref="InvalidDataException">The file cannot be read, with the decoder's own reason; or the part starts after the end, has
    /// more samples than an array, or holds a sample beyond ±<see cref="AudioClip.MaxMagnitude"/>.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A negative start, or a duration that is not above 0.</exception>
    public static AudioClip Read(
        string path, double startSeconds = 0, double? durationSeconds = null, CancellationToken cancellationToken = default) =>
            Read(path, SoundReading.Strict, startSeconds, durationSeconds, cancellationToken);

    /// <summary>As <see cref="Read(string, double, double?, CancellationToken)"/>, with faults tolerated.</summary>
    /// <param name="path">The file.</param>
    /// <param name="reading">Which faults are tolerated.</param>
    /// <param name="startSeconds">Where to start, from 0; rounded to the nearest sample. Default 0.</param>
    /// <param name="durationSeconds">How much to read, above 0; null, and anything beyond the end, means to the end. Default null.</param>
    /// <param name="cancellationToken">Stops the decoder.</param>
    /// <returns>At least one sample at the file's own rate.</returns>
    /// <exception cref="FileNotFoundException">There is no such file, or no ffmpeg to read it with.</exception>
    /// <exception cref="InvalidDataException">The file cannot be read, with the decoder's own reason; or the part starts after the end, has
    /// more samples than an array, or holds a sample beyond ±<see cref="AudioClip.MaxMagnitude"/>.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A negative start, or a duration that is not above 0.</exception>
    public static AudioClip Read(
        string path,
        SoundReading reading,
        double startSeconds = 0,
        double? durationSeconds = null,
        CancellationToken cancellationToken = default) =>
            Read(path, reading, startSeconds, durationSeconds, cancellationToken, out _);

    /// <summary>The same, with what was not quite right with the file.</summary>
    internal static AudioClip Read(
        string path,
        SoundReading reading,
        double startSeconds,
        double? durationSeconds,
        CancellationToken cancellationToken,
        out SoundNotes notes)
    {
        byte[] scratch = ArrayPool<byte>.Shared.Rent(WavReader.MinScratchLength);
        try
        {
            using IClipReader reader = Open(
                path, startSeconds, durationSeconds, null, scratch, reading, cancellationToken, FfmpegReader.MaxHeldCount);
            notes = reader.Notes;
            RequireArrayLength(path, reader.SampleCount);
            var samples = new float[reader.SampleCount];
            reader.Read(0, samples);
            return new AudioClip(samples, reader.SampleRateHz);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(scratch);
        }
    }

    /// <summary>
    /// How long a file is. Of an uncompressed file the header is read; any other file is decoded from end to end, because its headers may
    /// only guess.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="cancellationToken">Stops the decoder.</param>
    /// <exception cref="FileNotFoundException">There is no such file, or no ffmpeg to read it with.</exception>
    /// <exception cref="InvalidDataException">The file cannot be read.</exception>
    public static double DurationSeconds(string path, CancellationToken cancellationToken = default) =>
        DurationSeconds(path, SoundReading.Strict, cancellationToken);

    /// <summary>How long a file in memory is, by its header.</summary>
    /// <param name="sound">The bytes of an uncompressed wav or NIST SPHERE file.</param>
    /// <param name="name">What messages call it.</param>
    /// <exception cref="InvalidDataException">The bytes are no such file.</exception>
    public static double DurationSeconds(ReadOnlyMemory<byte> sound, string name)
    {
        using IClipReader reader = Open(sound, name, 0, null, [], SoundReading.Strict);
        return (double)reader.SampleCount / reader.SampleRateHz;
    }

    internal static double DurationSeconds(string path, SoundReading reading, CancellationToken cancellationToken)
    {
        using IClipReader reader = Open(path, 0, null, null, [], reading, cancellationToken);
        return (double)reader.SampleCount / reader.SampleRateHz;
    }

    /// <summary>Opens a part of a file. <paramref name="neededSeconds"/>, where known, is all that will be read from its start, so that
    /// a decoder can stop there. For <paramref name="scratch"/> see <see cref="WavReader"/>.</summary>
    internal static IClipReader Open(
        string path,
        double startSeconds,
        double? durationSeconds,
        double? neededSeconds,
        byte[] scratch,
        SoundReading reading,
        CancellationToken cancellationToken,
        int heldCount = FfmpegReader.DefaultHeldCount)
    {
        CheckPart(startSeconds, durationSeconds);
        SoundSource file = WavReader.Open(path);
        string? kind;
        SoundNotes notes;
        bool isOpen;
        try
        {
            SoundLayout? layout = ReadLayout(file, path, reading);
            if (layout is { Foreign: null })
            {
                Note(path, layout.Notes, reading);
                return new WavReader(file, path, layout, scratch, startSeconds, durationSeconds);
            }

            kind = layout?.Foreign ?? Kind(file, path);
            (notes, isOpen) = layout is null ? Promise(file, path, reading) : (layout.Notes, false);
            Note(path, notes, reading);
        }
        catch
        {
            file.Dispose();
            throw;
        }

        file.Dispose();
        double? decoded = neededSeconds < (durationSeconds ?? double.PositiveInfinity) ? neededSeconds : durationSeconds;
        var ffmpeg = new FfmpegReader(path, kind, notes, isOpen, startSeconds, decoded, reading, cancellationToken, heldCount);
        Note(path, ffmpeg.Notes, reading);
        return ffmpeg;
    }

    /// <summary>Opens a part of a file in memory, which only this library reads; the name is for messages.</summary>
    internal static IClipReader Open(
        ReadOnlyMemory<byte> file, string name, double startSeconds, double? durationSeconds, byte[] scratch, SoundReading reading)
    {
        CheckPart(startSeconds, durationSeconds);
        if (file.IsEmpty)
        {
            throw new InvalidDataException($"{name}: is empty; expected the bytes of a sound file.");
        }

        var source = SoundSource.Of(file);
        SoundLayout? layout = ReadLayout(source, name, reading);
        if (layout is not { Foreign: null })
        {
            string kind = layout?.Foreign ?? Kind(source, name) ?? "of an unknown kind";
            throw new InvalidDataException(
                $"{name}: is {kind}; expected the bytes of an uncompressed wav or NIST SPHERE file: others are decoded from files only.");
        }

        Note(name, layout.Notes, reading);
        return new WavReader(source, name, layout, scratch, startSeconds, durationSeconds);
    }

    private static void Note(string path, SoundNotes notes, SoundReading reading)
    {
        if (notes.HasFlag(SoundNotes.Truncated))
        {
            reading.AddTolerated(path);
        }
    }

    // Null where only ffmpeg can tell.
    private static SoundLayout? ReadLayout(SoundSource file, string path, SoundReading reading)
    {
        Span<byte> head = stackalloc byte[SoundContent.HeadLength];
        head = head[..ReadHead(file, head)];
        if (SoundContent.IsSphere(head))
        {
            return SphereHeader.Read(file, path, reading.ToleratesTruncation);
        }

        bool isMedia = SoundContent.MediaKind(head) is not null || (NeedsFfmpeg(path) && !SoundContent.IsRiff(head));
        return isMedia ? null : WavHeader.Read(file, path, reading.ToleratesTruncation);
    }

    // What the length says about a file for ffmpeg, and whether the content says that it ends where the file does.
    private static (SoundNotes Notes, bool IsOpen) Promise(SoundSource file, string path, SoundReading reading)
    {
        Span<byte> head = stackalloc byte[SoundContent.HeadLength];
        long held = file.Length;
        long? promised = SoundPromise.Length(file, head[..ReadHead(file, head)], path);
        if (promised is null || promised <= held)
        {
            return (SoundNotes.None, promised == SoundPromise.Open);
        }

        return reading.ToleratesTruncation
            ? (SoundNotes.Truncated, false)
            : throw new InvalidDataException($"{path}: its content promises {promised} bytes; the file holds {held}.");
    }

    // What to call a file that needs ffmpeg, where its name does not say it.
    private static string? Kind(SoundSource file, string path)
    {
        Span<byte> head = stackalloc byte[SoundContent.HeadLength];
        string? kind = SoundContent.MediaKind(head[..ReadHead(file, head)]);
        return kind is null || NeedsFfmpeg(path) ? null : $"a file of the kind {kind}";
    }

    private static int ReadHead(SoundSource file, Span<byte> head)
    {
        int count = 0;
        while (count < head.Length && file.Read(head[count..], count) is int got and > 0)
        {
            count += got;
        }

        return count;
    }

    internal static void RequireArrayLength(string path, long sampleCount)
    {
        if (sampleCount > Array.MaxLength)
        {
            throw new InvalidDataException($"{path}: the part asked for has {sampleCount} samples; "
                + $"at most {Array.MaxLength} fit in memory, so read it in parts.");
        }
    }

    /// <summary>The samples of a part; one that ends after the sound ends with it.</summary>
    internal static (long First, long Count) Select(
        string path, long sampleCount, int rateHz, double startSeconds, double? durationSeconds)
    {
        CheckPart(startSeconds, durationSeconds);
        double first = Math.Round(startSeconds * rateHz);
        if (first >= sampleCount)
        {
            throw new InvalidDataException(
                Invariant($"{path}: ends at {(double)sampleCount / rateHz:0.###} s ({sampleCount} samples at {rateHz} Hz); ")
                + Invariant($"the clip is said to start at {startSeconds:0.###} s."));
        }

        long rest = sampleCount - (long)first;
        return ((long)first, durationSeconds is double d ? (long)Math.Clamp(Math.Round(d * rateHz), 1, rest) : rest);
    }

    internal static void CheckPart(double startSeconds, double? durationSeconds)
    {
        if (!(startSeconds >= 0) || !double.IsFinite(startSeconds))
        {
            throw new ArgumentOutOfRangeException(nameof(startSeconds), Invariant($"'startSeconds' is {startSeconds}; must be >= 0."));
        }

        if (durationSeconds is double asked && (!(asked > 0) || !double.IsFinite(asked)))
        {
            throw new ArgumentOutOfRangeException(
                nameof(durationSeconds), Invariant($"'durationSeconds' is {durationSeconds}; must be > 0."));
        }
    }
}
