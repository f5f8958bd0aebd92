namespace CrossModalVae.Embeddings;

/// <summary>
/// Replaces the files of an embedding folder together, beside other files in it (<see cref="AtomicFolder"/> replaces a whole folder). The
/// new files are written into a temporary folder within it; renaming that to <see cref="NextName"/> commits them, and then each moves to
/// its place. A writer that is stopped before the commit leaves the old files, after it the new ones, which readers find in either place
/// and the next writer moves. A gallery's rows are removed in the same way.
/// </summary>
internal static class EmbeddingFolder
{
    /// <summary>The folder of new files that are committed and not yet moved.</summary>
    public const string NextName = "embeddings.next";

    /// <summary>The commit record of a gallery, whose folder is an embedding folder too.</summary>
    public const string GalleryName = "gallery.json";

    private const string PartialName = "embeddings.";

    // The matrix moves first: by then, old files of parts that the new embeddings lack are deleted. A gallery's commit record moves last.
    private static readonly string[] Names =
    [
        EmbeddingFile.MatrixName, EmbeddingFile.RowsName, EmbeddingFile.StandardDeviationsName, EmbeddingFile.ReconstructionsName,
        EmbeddingFile.SkippedName, GalleryName,
    ];

    /// <summary>The path of a file of the current embeddings, whether or not it exists.</summary>
    public static string Find(string folder, string name)
    {
        string place = Path.Combine(folder, name), next = Path.Combine(folder, NextName, name);
        bool isOld = !File.Exists(next) && IsNewMatrixWaiting(folder); // of the embeddings that the commit has replaced
        return File.Exists(next) || isOld ? next : place;
    }

    /// <summary>
    /// Replaces the files by what <paramref name="write"/> writes into the folder that it receives; <paramref name="reached"/> is called
    /// after every change, for tests.
    /// </summary>
    /// <exception cref="IOException">A file cannot be written; the folder holds the old files or the new ones.</exception>
    public static void Replace(string folder, Action<string> write, Action? reached)
    {
        try
        {
            Directory.CreateDirectory(folder);
            Complete(folder, reached);
            Commit(folder, write);
            reached?.Invoke();
            Complete(folder, reached);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"{folder}: cannot be written: {e.Message}", e);
        }
    }

    /// <summary>Ends what a stopped writer began: what it committed moves to its place, the rest is deleted.</summary>
    public static void Complete(string folder, Action? reached = null)
    {
        foreach (string stopped in Directory.GetDirectories(folder, $"{PartialName}*{AtomicFile.PartialSuffix}"))
        {
            Directory.Delete(stopped, recursive: true);
        }

        string next = Path.Combine(folder, NextName);
        if (!Directory.Exists(next))
        {
            return;
        }

        if (IsNewMatrixWaiting(folder))
        {
            foreach (string name in Names.Where(name => !File.Exists(Path.Combine(next, name))))
            {
                File.Delete(Path.Combine(folder, name));
                reached?.Invoke();
            }
        }

        foreach (string name in Names.Where(name => File.Exists(Path.Combine(next, name))))
        {
            File.Move(Path.Combine(next, name), Path.Combine(folder, name), overwrite: true);
            reached?.Invoke();
        }

        Directory.Delete(next, recursive: true);
    }

    private static void Commit(string folder, Action<string> write)
    {
        string partial = Path.Combine(folder, $"{PartialName}{AtomicFile.RandomDigits()}{AtomicFile.PartialSuffix}");
        Directory.CreateDirectory(partial);
        try
        {
            write(partial);
            Directory.Move(partial, Path.Combine(folder, NextName));
        }
        finally
        {
            if (Directory.Exists(partial))
            {
                Directory.Delete(partial, recursive: true);
            }
        }
    }

    private static bool IsNewMatrixWaiting(string folder) => File.Exists(Path.Combine(folder, NextName, EmbeddingFile.MatrixName));
}
