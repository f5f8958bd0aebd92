namespace CrossModalVae.Files;

/// <summary>Opens files for reading with messages that say what was expected where.</summary>
public static class InputFile
{
    /// <summary>Opens a file that must exist.</summary>
    /// <param name="path">The file.</param>
    /// <param name="what">What it should be, for the message: "a manifest".</param>
    /// <exception cref="FileNotFoundException">There is no such file; the message says where it was looked for.</exception>
    /// <exception cref="IOException">The file is a folder or cannot be read.</exception>
    public static FileStream Open(string path, string what)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (Directory.Exists(path))
        {
            throw new IOException($"{path}: is a folder; expected {what}.");
        }

        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.SequentialScan);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new FileNotFoundException($"{path}: there is no such file; expected {what}.", path, e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"{path}: cannot be read: {e.Message}", e);
        }
    }
}
