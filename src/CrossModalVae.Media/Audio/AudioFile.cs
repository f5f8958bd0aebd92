using CrossModalVae.Audio.Media;
using static System.FormattableString;

namespace CrossModalVae.Audio;

/// <summary>
/// Reads the sound of any file that people have: wav files by this library (<see cref="WavFile"/>), other audio files and the sound track
/// of videos through the program <c>ffmpeg</c> found on the PATH, at the file's own rate. Which of the two is decided by the name's ending
/// alone. Channels are mixed down to their mean.
/// </summary>
public static class AudioFile
{
    private static readonly string[] Audio = [".flac", ".mp3", ".m4a", ".ogg", ".opus", ".aac", ".wma", ".aif", ".aiff", ".sph"];
    private static readonly string[] Video = [".mp4", ".mkv", ".avi", ".webm", ".mov", ".mpg", ".mpeg", ".flv", ".wmv"];

    /// <summary>Endings of files that ffmpeg decodes: audio first, then video.</summary>
    public static IReadOnlyList<string> MediaEndings { get; } = [.. Audio, .. Video];

    /// <summary>The ffmpeg that would be used, the first on the PATH; null where there is none.</summary>
    public static string? FfmpegPath => FfmpegProgram.TryFind();

    /// <summary>Whether a file is read through ffmpeg, by its ending.</summary>
    /// <param name="path">Path or name.</param>
    public static bool NeedsFfmpeg(string path) => HasEnding(path, Audio) || HasEnding(path, Video);

    /// <summary>Throws where a file needs ffmpeg and there is none; for work that would otherwise say so once a file.</summary>
    /// <param name="path">Path or name of a file that will be read.</param>
    /// <exception cref="FileNotFoundException">There is no ffmpeg on the PATH.</exception>
    internal static void RequireReader(string path)
    {
        if (NeedsFfmpeg(path))
        {
            FfmpegProgram.Find(path);
        }
    }

    /// <summary>
    /// Reads a clip, or a part of it, mixed down to one channel. Of a wav file only the samples asked for are read; ffmpeg is told to seek.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="startSeconds">Where to start, from 0; rounded to the nearest sample. Default 0.</param>
    /// <param name="durationSeconds">How much to read, above 0; null, and anything beyond the end, means to the end. Default null.</param>
    /// <param name="cancellationToken">Stops the decoder.</param>
    /// <returns>At least one sample at the file's own rate.</returns>
    /// <exception cref="FileNotFoundException">There is no such file, or no ffmpeg to read it with.</exception>
    /// <exception cref="InvalidDataException">The file cannot be read, with the decoder's own reason; or the part starts after the end, has
    /// more samples than an array, or holds a number beyond ±<see cref="AudioClip.MaxMagnitude"/>.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A negative start, or a duration that is not above 0.</exception>
    public static AudioClip Read(
        string path, double startSeconds = 0, double? durationSeconds = null, CancellationToken cancellationToken = default) =>
            NeedsFfmpeg(path)
                ? MediaReader.ReadAll(path, startSeconds, durationSeconds, cancellationToken)
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

        using var reader = new MediaReader(path, 0, null, cancellationToken);
        return (double)reader.SampleCount / reader.SampleRateHz;
    }

    /// <summary>Opens a part of a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="startSeconds">Where to start.</param>
    /// <param name="durationSeconds">How long it is; null is to the end.</param>
    /// <param name="enoughSeconds">More than this from the start will not be read: a decoder need not go
    /// on. Null where that is not known.</param>
    /// <param name="scratch">At least <see cref="WavReader.MinScratchLength"/> bytes, in use until the reader is disposed.</param>
    /// <param name="cancellationToken">Stops a decoder.</param>
    internal static IClipReader Open(
        string path,
        double startSeconds,
        double? durationSeconds,
        double? enoughSeconds,
        byte[] scratch,
        CancellationToken cancellationToken)
    {
        if (NeedsFfmpeg(path))
        {
            double? needed = enoughSeconds < (durationSeconds ?? double.PositiveInfinity) ? enoughSeconds : durationSeconds;
            CheckPart(startSeconds, durationSeconds);
            return new MediaReader(path, startSeconds, needed, cancellationToken);
        }

        var reader = new WavReader(path, scratch);
        try
        {
            reader.Select(startSeconds, durationSeconds);
            return reader;
        }
        catch
        {
            reader.Dispose();
            throw;
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

    private static bool HasEnding(string name, string[] endings)
    {
        ArgumentNullException.ThrowIfNull(name);
        return endings.Any(ending => name.EndsWith(ending, StringComparison.OrdinalIgnoreCase));
    }
}
