using Microsoft.Win32.SafeHandles;

namespace CrossModalVae.Files;

/// <summary>Opens files for reading with messages that say what was expected where.</summary>
internal static class InputFile
{
    /// <summary>Opens a file that must exist; <paramref name="what"/> names it in messages: "a manifest".</summary>
    /// <exception cref="FileNotFoundException">There is no such file; the message says where it was looked for.</exception>
    /// <exception cref="IOException">The file is a folder or cannot be read.</exception>
    public static FileStream Open(string path, string what)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return Open(path, what, static file => new FileStream(
            file, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.SequentialScan));
    }

    /// <summary>
    /// Reads a whole file with as few system calls as possible into a buffer, replaced by a longer one where it is too short, and returns
    /// the number of bytes. A file longer than <paramref name="largestBytes"/> is refused unread.
    /// </summary>
    internal static int ReadAll(string path, string what, long largestBytes, ref byte[] buffer)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        RequireBytes(path, what);
        using SafeFileHandle handle = Open(path, what, static file => File.OpenHandle(file));
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

    /// <summary>
    /// Refuses a file without bytes before it is opened: to open a pipe waits for its writer, maybe for ever, and a device never ends. Of
    /// both the system says that they have no bytes, as it does of an empty file.
    /// </summary>
    /// <exception cref="InvalidDataException">It is there and has no bytes.</exception>
    internal static void RequireBytes(string path, string what)
    {
        FileSystemInfo file = new FileInfo(path);
        if (!file.Exists)
        {
            return; // the message of whoever opens it
        }

        file = file.LinkTarget is null ? file : file.ResolveLinkTarget(returnFinalTarget: true)!;
        if (file is FileInfo { Exists: true, Length: 0 })
        {
            throw new InvalidDataException($"{path}: is empty or no regular file; expected {what}.");
        }
    }

    private static T Open<T>(string path, string what, Func<string, T> open)
    {
        try
        {
            return open(path);
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
