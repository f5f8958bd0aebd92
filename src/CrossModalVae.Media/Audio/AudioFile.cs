using CrossModalVae.Audio.Ffmpeg;
using static System.FormattableString;

namespace CrossModalVae.Audio;

/// <summary>
/// Reads sound files at their own rate, mixed down to one channel: wav files by this library (<see cref="WavFile"/>), other audio files
/// and the sound track of videos through the program <c>ffmpeg</c> on the PATH. The file extension alone decides between the two.
/// </summary>
public static class AudioFile
{
    /// <summary>Extensions of files that ffmpeg decodes: audio first, then video.</summary>
    public static IReadOnlyList<string> MediaEndings { get; } =
    [
        ".flac", ".mp3", ".m4a", ".ogg", ".opus", ".aac", ".wma", ".aif", ".aiff", ".sph",
        ".mp4", ".mkv", ".avi", ".webm", ".mov", ".mpg", ".mpeg", ".flv", ".wmv",
    ];

    /// <summary>The ffmpeg that would be used, the first on the PATH; null where there is none.</summary>
    public static string? FfmpegPath => FfmpegProgram.TryFind();

    /// <summary>Whether a file is read through ffmpeg, by its extension.</summary>
    /// <param name="path">Path or name.</param>
    public static bool NeedsFfmpeg(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return MediaEndings.Any(ending => path.EndsWith(ending, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>Throws where a file needs ffmpeg and there is none, before a long run reports it for each file.</summary>
    /// <exception cref="FileNotFoundException">There is no ffmpeg on the PATH.</exception>
    internal static void RequireReader(string path)
    {
        if (NeedsFfmpeg(path))
        {
            FfmpegProgram.Find(path);
        }
    }

    /// <summary>
    /// Reads a clip, or a part of it, mixed down to one channel. Of a wav file only the selected samples are read; ffmpeg seeks.
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
            NeedsFfmpeg(path)
                ? FfmpegReader.ReadAll(path, startSeconds, durationSeconds, cancellationToken)
                : WavFile.Read(path, startSeconds, durationSeconds);

    /// <summary>
    /// How long a file is. Of a wav file the header is read; any other file is decoded from end to end, because its headers may only guess.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="cancellationToken">Stops the decoder.</param>
    /// <exception cref="FileNotFoundException">There is no such file, or no ffmpeg to read it with.</exception>
    /// <exception cref="InvalidDataException">The file cannot be read.</exception>
    public static double DurationSeconds(string path, CancellationToken cancellationToken = default)
    {
        if (!NeedsFfmpeg(path))
        {
            return WavFile.ReadInfo(path).DurationSeconds;
        }

        using var reader = new FfmpegReader(path, 0, null, cancellationToken);
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
        CancellationToken cancellationToken)
    {
        if (NeedsFfmpeg(path))
        {
            double? decoded = neededSeconds < (durationSeconds ?? double.PositiveInfinity) ? neededSeconds : durationSeconds;
            CheckPart(startSeconds, durationSeconds);
            return new FfmpegReader(path, startSeconds, decoded, cancellationToken);
        }

        return new WavReader(path, scratch, startSeconds, durationSeconds);
    }

    internal static void RequireArrayLength(string path, long sampleCount)
    {
        if (sampleCount > Array.MaxLength)
        {
            throw new InvalidDataException($"{path}: the part asked for has {sampleCount} samples; "
                + $"at most {Array.MaxLength} fit in memory, so read it in parts.");
        }
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
