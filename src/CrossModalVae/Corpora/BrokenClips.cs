using System.Collections.Concurrent;
using CrossModalVae.Audio;

namespace CrossModalVae.Corpora;

/// <summary>
/// Collects the broken clips of a manifest while many threads read it. Broken is a clip of which a file is missing, damaged, too short or
/// may not be read; a missing decoder, a full disk or a cancelled run is not.
/// </summary>
internal sealed class BrokenClips
{
    private const string Key = "CrossModalVae.BrokenClip";

    private readonly Manifest _manifest;
    private readonly CancellationToken _cancellationToken;
    private readonly ConcurrentDictionary<(string Identity, string Name), SkippedClip> _broken = new();

    /// <summary>Refuses a missing decoder at once, which would make every clip a broken one.</summary>
    /// <param name="manifest">The corpus.</param>
    /// <param name="clips">The clips of it that will be read.</param>
    /// <param name="cancellationToken">Tells a stopped run from a broken clip.</param>
    /// <exception cref="FileNotFoundException">A voice needs ffmpeg, and there is none on the PATH.</exception>
    public BrokenClips(Manifest manifest, IEnumerable<Clip> clips, CancellationToken cancellationToken)
    {
        (_manifest, _cancellationToken) = (manifest, cancellationToken);
        RequireDecoder(manifest, clips);
    }

    /// <summary>Refuses a missing decoder once, instead of for every clip.</summary>
    /// <exception cref="FileNotFoundException">A voice needs ffmpeg, and there is none on the PATH.</exception>
    public static void RequireDecoder(Manifest manifest, IEnumerable<Clip> clips)
    {
        foreach (Clip voice in clips.Where(clip => clip.Voice is not null))
        {
            try
            {
                AudioFile.RequireReader(manifest.VoicePath(voice)!);
            }
            catch (Exception e) when (IsFault(e) && e is not FileNotFoundException)
            {
                // Another fault of the file, which reading it will find.
            }
        }
    }

    /// <summary>Those found so far, in the order of <paramref name="clips"/>.</summary>
    public IReadOnlyList<SkippedClip> In(IEnumerable<Clip> clips) =>
        [.. clips.Select(clip => _broken.GetValueOrDefault((clip.Identity, clip.Name))).OfType<SkippedClip>()];

    public bool Contains(Clip clip) => _broken.ContainsKey((clip.Identity, clip.Name));

    /// <summary>
    /// Reads a clip; false where that shows that it is broken. A failure is tried once more: Ctrl-C reaches ffmpeg too, and what it then
    /// leaves half-done is no fault of the clip.
    /// </summary>
    public bool Try(Clip clip, Action read)
    {
        for (bool isAgain = false; ; isAgain = true)
        {
            try
            {
                read();
                return true;
            }
            catch (Exception e) when (IsFault(e))
            {
                _cancellationToken.ThrowIfCancellationRequested();
                if (isAgain)
                {
                    _broken[(clip.Identity, clip.Name)] = new SkippedClip(clip.Identity, clip.Name, Reason(e.Message));
                    return false;
                }
            }
        }
    }

    /// <summary>Refuses a corpus of which nothing is left.</summary>
    /// <exception cref="InvalidDataException">All of the clips are broken; the message says why the first one is.</exception>
    public static void RequireSome(Manifest manifest, int clipCount, IReadOnlyList<SkippedClip> skipped)
    {
        if (skipped.Count > 0 && skipped.Count == clipCount)
        {
            throw new InvalidDataException(
                $"{manifest.FilePath}: all {clipCount} clips are broken, so nothing is left. {skipped[0].Text}");
        }
    }

    /// <summary>Whether an exception of reading a clip's files says that the clip is broken.</summary>
    public static bool IsFault(Exception e) => e is InvalidDataException or IOException or UnauthorizedAccessException;

    /// <summary>Marks an exception as a broken clip's, which <c>--skip-broken</c> would have left out.</summary>
    public static void Mark(Exception e) => e.Data[Key] = true;

    public static bool IsMarked(Exception e) => e.Data.Contains(Key);

    // Outputs say neither when nor where they were made.
    private string Reason(string message) => message.Replace(
        Path.TrimEndingDirectorySeparator(_manifest.Folder) + Path.DirectorySeparatorChar, "", StringComparison.Ordinal);
}
