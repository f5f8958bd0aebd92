namespace CrossModalVae.Files;

/// <summary>
/// Replaces a folder as a whole: the new one is filled under a temporary name beside it and renamed once complete. A process that dies
/// between the two renames leaves the old folder under its backup name, where <see cref="Recover"/> finds it.
/// </summary>
internal static class AtomicFolder
{
    private const string OldSuffix = ".old";

    /// <summary>Fills <paramref name="path"/> anew, through an empty temporary folder; on any failure it is as it was before.</summary>
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

    /// <summary>Restores a folder that a process left under its backup name; returns whether the folder exists now.</summary>
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
