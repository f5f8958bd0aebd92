namespace CrossModalVae.Files;

/// <summary>
/// Replaces a folder as a whole: it is filled under a temporary name beside its place and renamed once complete. A process that dies
/// between the two renames leaves the folder before it under its second name, where <see cref="Recover"/> finds it.
/// </summary>
public static class AtomicFolder
{
    private const string OldSuffix = ".old";

    /// <summary>Fills <paramref name="path"/> anew; on any failure it is as it was before.</summary>
    /// <param name="path">The final name.</param>
    /// <param name="fill">Receives the temporary folder, empty.</param>
    /// <exception cref="IOException">The folder cannot be written (read-only, disk full); the message names it.</exception>
    public static void Replace(string path, Action<string> fill)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(fill);

        string target = Target(path);
        string partial = target + AtomicFile.PartialSuffix;
        string old = target + OldSuffix;
        try
        {
            Recover(target);
            Delete(partial); // of a process that died
            Directory.CreateDirectory(partial);
            fill(partial);
            if (Directory.Exists(target))
            {
                Delete(old);
                Directory.Move(target, old);
            }

            Directory.Move(partial, target);
            Delete(old);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Recover(target);
            throw new IOException($"{path}: cannot be written: {e.Message}", e);
        }
        finally
        {
            Delete(partial);
        }
    }

    /// <summary>Puts back a folder that a process left under its second name.</summary>
    /// <param name="path">The final name.</param>
    /// <returns>Whether there is a folder of that name now.</returns>
    public static bool Recover(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        string target = Target(path);
        if (!Directory.Exists(target) && Directory.Exists(target + OldSuffix))
        {
            Directory.Move(target + OldSuffix, target);
        }

        return Directory.Exists(target);
    }

    private static string Target(string path) => Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));

    private static void Delete(string path)
    {
        if (Directory.Exists(path))
        {
            Directory.Delete(path, recursive: true);
        }
    }
}
