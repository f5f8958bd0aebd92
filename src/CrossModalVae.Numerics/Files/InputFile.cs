using Microsoft.Win32.SafeHandles;

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

    /// <summary>Reads a file of moderate size whole, with as few system calls as there can be.</summary>
    /// <param name="path">The file.</param>
    /// <param name="what">What it should be, for the message: "a JPEG or PNG image".</param>
    /// <param name="largestBytes">Its largest length; nothing is read of a longer one.</param>
    /// <param name="buffer">Receives the bytes; replaced by a longer one where it is too short.</param>
    /// <returns>How many bytes there are.</returns>
    /// <exception cref="FileNotFoundException">There is no such file; the message says where it was looked for.</exception>
    /// <exception cref="InvalidDataException">The file is longer than that.</exception>
    /// <exception cref="IOException">The file is a folder or cannot be read.</exception>
    internal static int ReadAll(string path, string what, long largestBytes, ref byte[] buffer)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using SafeFileHandle handle = OpenHandle(path, what);
        long length = RandomAccess.GetLength(handle);
        if (length > largestBytes)
        {
            throw new InvalidDataException($"{path}: has {length} bytes; expected {what} of at most {largestBytes} bytes.");
        }

        if (buffer.Length < length)
        {
            buffer = new byte[length];
        }

        int count = 0;
        while (count < length && RandomAccess.Read(handle, buffer.AsSpan(count, (int)length - count), count) is > 0 and int read)
        {
            count += read;
        }

        return count;
    }

    private static SafeFileHandle OpenHandle(string path, string what)
    {
        try
        {
            return File.OpenHandle(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new FileNotFoundException($"{path}: there is no such file; expected {what}.", path, e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Directory.Exists(path)
                ? new IOException($"{path}: is a folder; expected {what}.", e)
                : new IOException($"{path}: cannot be read: {e.Message}", e);
        }
    }
}
