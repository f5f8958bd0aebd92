using System.Security.Cryptography;

namespace CrossModalVae.Files;

/// <summary>
/// Writes a file under a temporary name beside its destination and renames it once complete, so that no reader ever sees half of it. The
/// temporary name, <c>NAME.xxxxxxxxxxxxxxxx.partial</c> with 16 random digits, is unique among threads, processes and containers on a
/// share. A writer that fails deletes its temporary file; one left by a killed process is never read and may be deleted.
/// </summary>
internal static class AtomicFile
{
    /// <summary>The suffix of a file that is still being written.</summary>
    public const string PartialSuffix = ".partial";

    /// <summary>
    /// Writes <paramref name="path"/>, in a folder created where missing; on any failure the destination is as it was before.
    /// </summary>
    /// <exception cref="IOException">The folder or the file cannot be written (read-only, disk full); the message names the
    /// file.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(write);

        string full = Path.GetFullPath(path);
        string partial = $"{full}.{RandomDigits()}{PartialSuffix}";
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(full)!);
            using (var stream = new FileStream(partial, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }

            File.Move(partial, full, overwrite: true);
        }
        catch (Exception e)
        {
            TryDelete(partial);
            if (e is IOException or UnauthorizedAccessException)
            {
                throw new IOException($"{path}: cannot be written: {e.Message}", e);
            }

            throw;
        }
    }

    /// <summary>Writes text in UTF-8 without a byte-order mark.</summary>
    public static void WriteAllText(string path, string text) =>
        Write(path, stream => stream.Write(System.Text.Encoding.UTF8.GetBytes(text)));

    /// <summary>16 hexadecimal digits that no other writer draws.</summary>
    internal static string RandomDigits() => RandomNumberGenerator.GetHexString(16, lowercase: true);

    private static void TryDelete(string partial)
    {
        try
        {
            File.Delete(partial);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The first failure is the one to report; a leftover keeps its temporary name.
        }
    }
}
