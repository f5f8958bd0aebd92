using CrossModalVae.Files;

namespace CrossModalVae.Onnx;

/// <summary>Replaces a folder as a whole: it is filled under a temporary name beside its place and renamed once complete.</summary>
internal static class FolderSwap
{
    /// <summary>Fills <paramref name="folder"/> anew.</summary>
    /// <param name="folder">The final name.</param>
    /// <param name="markerFile">The file by which a folder of ours is known; a folder with content but without it is left alone.</param>
    /// <param name="fill">Receives the temporary folder.</param>
    /// <exception cref="IOException">The folder holds something else, or cannot be written; it is as it was before.</exception>
    internal static void Replace(string folder, string markerFile, Action<string> fill)
    {
        string target = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        if (File.Exists(target))
        {
            throw new IOException($"{folder}: is a file; expected a folder, an empty place or a model folder to replace.");
        }

        bool exists = Directory.Exists(target);
        if (exists && Directory.EnumerateFileSystemEntries(target).Any() && !File.Exists(Path.Combine(target, markerFile)))
        {
            throw new IOException($"{folder}: holds other files and no {markerFile}; expected an empty place or a model folder to replace.");
        }

        string staging = $"{target}.{Environment.ProcessId}{AtomicFile.PartialSuffix}";
        string old = $"{staging}.old";
        try
        {
            Directory.CreateDirectory(staging);
            fill(staging);
            if (exists)
            {
                Directory.Move(target, old);
            }

            Directory.Move(staging, target);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            if (Directory.Exists(old) && !Directory.Exists(target))
            {
                Directory.Move(old, target);
            }

            throw new IOException($"{folder}: cannot be written: {e.Message}", e);
        }
        finally
        {
            if (Directory.Exists(staging))
            {
                Directory.Delete(staging, recursive: true);
            }
        }

        if (Directory.Exists(old))
        {
            Directory.Delete(old, recursive: true);
        }
    }
}
