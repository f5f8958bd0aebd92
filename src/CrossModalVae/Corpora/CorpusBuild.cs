namespace CrossModalVae.Corpora;

/// <summary>
/// What every builder of manifests shares: paths relative to the manifest, listings in ordinal order, counts along the way.
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
        string relative = Path.GetRelativePath(folder, Path.GetFullPath(root)).Replace(Path.DirectorySeparatorChar, '/');
        if (relative == "..")
        {
            relative = "../";
        }

        return relative == "."
            ? ""
            : Path.IsPathRooted(relative) || relative.StartsWith("../", StringComparison.Ordinal)
                ? throw UserError.Mark(new ArgumentException(
                    $"'manifestPath' is {manifestPath}; must lie in {root} or in a folder above it, because a manifest's paths "
                    + "are relative to it and never leave its folder.",
                    nameof(manifestPath)))
                : relative + "/";
    }

    /// <summary>The names of a folder's folders in ordinal order, hidden ones left out.</summary>
    public static string[] Folders(string path) => List(path, Directory.EnumerateDirectories);

    /// <summary>The names of a folder's files in ordinal order, hidden ones left out.</summary>
    public static string[] Files(string path) => List(path, Directory.EnumerateFiles);

    public static bool IsVoice(string name) => name.EndsWith(".wav", StringComparison.OrdinalIgnoreCase);

    public static bool IsImage(string name) => ImageEndings.Any(ending => name.EndsWith(ending, StringComparison.OrdinalIgnoreCase));

    /// <summary>
    /// Writes the manifest person by person and counts what goes into it; where it is stopped, a journal is left to go on from.
    /// </summary>
    /// <param name="manifestPath">The manifest.</param>
    /// <param name="job">A hash of everything that shapes the manifest, see <see cref="CorpusJournal.HashOf"/>.</param>
    /// <param name="identities">The people in the order of the manifest.</param>
    /// <param name="clipsOf">The clips of a person; what is noticed on the way goes into the tally.</param>
    /// <param name="tally">What has been noticed before.</param>
    /// <param name="resume">Whether to go on where an earlier run stopped.</param>
    /// <param name="progress">Told after each person.</param>
    /// <param name="cancellationToken">Stops the work.</param>
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
        foreach (CorpusJournal.DonePerson person in journal.Done)
        {
            tally.Add(person.Notices);
            done++;
            progress?.Report(new CorpusBuildProgress(done, identities.Count, counter.ClipCount));
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
            tally.Add(own.Notices);
            done++;
            progress?.Report(new CorpusBuildProgress(done, identities.Count, counter.ClipCount));
        }

        if (counter.ClipCount == 0)
        {
            journal.Discard();
            throw new InvalidDataException($"{manifestPath}: there is no clip to write; expected at least one.");
        }

        journal.Complete();
        return counter.Report(tally.Notices);
    }

    private static string[] List(string path, Func<string, IEnumerable<string>> enumerate)
    {
        try
        {
            return
            [
                .. enumerate(path).Select(entry => Path.GetFileName(entry)).Where(name => !name.StartsWith('.')).Order(
                    StringComparer.Ordinal),
            ];
        }
        catch (UnauthorizedAccessException e)
        {
            throw new IOException($"{path}: cannot be read: {e.Message}", e);
        }
    }
}
