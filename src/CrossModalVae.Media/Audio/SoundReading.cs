using System.Collections.Concurrent;

namespace CrossModalVae.Audio;

/// <summary>
/// How sound files with faults are read, and which ones were. By default a truncated file is refused. An option of a run, not of a recipe:
/// it decides whether a file is read, never what its samples are. Thread-safe.
/// </summary>
public sealed class SoundReading
{
    private readonly ConcurrentDictionary<string, string> _tolerated = new(StringComparer.Ordinal);

    /// <summary>
    /// Whether files that end before what they promise are read to their end: wav and SPHERE files whose samples are fewer than their
    /// header states, and of files that ffmpeg decodes with an error what it can decode. Default false: they are refused.
    /// </summary>
    public bool ToleratesTruncation { get; init; }

    /// <summary>The files that were read only because truncation is tolerated, each once, in ordinal order.</summary>
    public IReadOnlyList<string> Tolerated => [.. _tolerated.Keys.Order(StringComparer.Ordinal)];

    /// <summary>Refuses every fault.</summary>
    internal static SoundReading Strict { get; } = new();

    internal void AddTolerated(string path) => _tolerated.TryAdd(path, path);
}

/// <summary>What a reader made of a file that is not quite as its format wants it.</summary>
[Flags]
internal enum SoundNotes
{
    None = 0,

    /// <summary>The header states 0 bytes of samples, as a recorder leaves it that could not go back; read to the end.</summary>
    StatedEmpty = 1,

    /// <summary>Bytes after the last whole sample, left out.</summary>
    OddTail = 2,

    /// <summary>The header's block size or bits contradict the rest of it.</summary>
    InferredBlock = 4,

    /// <summary>More than one data chunk; they are one sound. Programs take the first (sox), the last (ffmpeg from a file) or all (ffmpeg
    /// from a pipe).</summary>
    SeveralData = 8,

    /// <summary>Ends before what it promises (<see cref="SoundReading.ToleratesTruncation"/>).</summary>
    Truncated = 16,
}
