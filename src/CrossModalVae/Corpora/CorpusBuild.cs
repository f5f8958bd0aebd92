namespace CrossModalVae.Corpora;

/// <summary>
/// Shared by all builders of manifests: paths relative to the manifest, directory listings in ordinal order, the loop over identities.
/// </summary>
internal static class CorpusBuild
{
    private static readonly string[] ImageEndings = [".jpg", ".jpeg", ".png"];

    /// <summary>The corpus folder as seen from the manifest, "" or ending in a slash; paths in a manifest never leave its folder.</summary>
    public static string Prefix(string root, string manifestPath)
    {
        ArgumentException.ThrowIfNullOrEmpty(manifestPath);
        if (!Directory.Exists(root))
        {
            throw new DirectoryNotFoundException($"{root}: there is no such folder; expected a corpus.");
        }

        string folder = Path.GetDirectoryName(Path.GetFullPath(manifestPath))!;
        string relative = Path.GetRelativePath(folder, Path.GetFullPath(root)).Replace(Path.DirectorySeparatorChar, '/') + "/";
        return relative == "./"
            ? ""
            : Path.IsPathRooted(relative) || relative.StartsWith("../", StringComparison.Ordinal)
                ? throw UserError.Mark(new ArgumentException(
                    $"'manifestPath' is {manifestPath}; must lie in {root} or in a folder above it, because a manifest's paths "
                    + "are relative to it and never leave its folder.",
                    nameof(manifestPath)))
                : relative;
    }

    /// <summary>The names of a folder's folders in ordinal order, hidden ones left out.</summary>
    public static string[] Folders(string path) => List(path, Directory.EnumerateDirectories);

    /// <summary>The names of a folder's files in ordinal order, hidden ones left out.</summary>
    public static string[] Files(string path) => List(path, Directory.EnumerateFiles);

    public static bool IsVoice(string name) => name.EndsWith(".wav", StringComparison.OrdinalIgnoreCase);

    public static bool IsImage(string name) => ImageEndings.Any(ending => name.EndsWith(ending, StringComparison.OrdinalIgnoreCase));

    /// <summary>
    /// Writes the manifest identity by identity and counts the clips; where it is stopped, a journal is left to resume from.
    /// </summary>
    /// <remarks><paramref name="job"/> is a hash of everything that shapes the manifest, see <see cref="CorpusJournal.HashOf"/>.</remarks>
    public static CorpusBuildReport Write(
        string manifestPath,
        string job,
        IReadOnlyList<string> identities,
        Func<string, CorpusTally, IEnumerable<Clip>> clipsOf,
        CorpusTally tally,
        bool resume,
        IProgress<CorpusBuildProgress>? progress,
        CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var counter = new CorpusBuildCounter();
        using CorpusJournal journal = CorpusJournal.Open(manifestPath, job, resume, counter.Add);
        int done = 0;
        foreach (CorpusJournal.DoneIdentity identity in journal.Done)
        {
            Finish(identity.Notices);
        }

        foreach (string identity in identities.Skip(done))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var own = new CorpusTally();
            foreach (Clip clip in clipsOf(identity, own))
            {
                counter.Add(clip);
                journal.Write(clip);
            }

            journal.Finish(identity, own.Notices);
            Finish(own.Notices);
        }

        if (counter.ClipCount == 0)
        {
            journal.Discard();
            throw new InvalidDataException($"{manifestPath}: there is no clip to write; expected at least one.");
        }

        journal.Complete();
        return counter.Report(tally.Notices);

        void Finish(IReadOnlyList<CorpusNotice> notices)
        {
            tally.Add(notices);
            done++;
            progress?.Report(new CorpusBuildProgress(done, identities.Count, counter.ClipCount));
        }
    }

    private static string[] List(string path, Func<string, IEnumerable<string>> enumerate)
    {
        try
        {
            return [.. enumerate(path).Select(item => Path.GetFileName(item)).Where(name => name[0] != '.').Order(StringComparer.Ordinal)];
        }
        catch (UnauthorizedAccessException e)
        {
            throw new IOException($"{path}: cannot be read: {e.Message}", e);
        }
    }
}
