namespace CrossModalVae.Corpora;

/// <summary>
/// Shared by all builders of manifests: where a manifest's paths start, and the loop over identities.
/// </summary>
internal static class CorpusBuild
{
    /// <summary>
    /// Where the paths of a manifest start: the corpus folder as seen from the manifest, "" or ending in a slash; or, where the manifest is
    /// neither in that folder nor above it, the corpus folder as the manifest's root.
    /// </summary>
    public static (string Prefix, string? Root) Place(string root, string manifestPath)
    {
        ArgumentException.ThrowIfNullOrEmpty(manifestPath);
        if (!Directory.Exists(root))
        {
            throw new DirectoryNotFoundException($"{root}: there is no such folder; expected a corpus.");
        }

        string folder = Path.GetDirectoryName(Path.GetFullPath(manifestPath))!;
        string relative = Path.GetRelativePath(folder, Path.GetFullPath(root)).Replace(Path.DirectorySeparatorChar, '/') + "/";
        return relative == "./" ? ("", null)
            : Path.IsPathRooted(relative) || relative.StartsWith("../", StringComparison.Ordinal) ? ("", Path.GetFullPath(root))
            : (relative, null);
    }

    /// <summary>
    /// Writes the manifest identity by identity and counts the clips; where it is stopped, a journal is left to resume from.
    /// </summary>
    /// <remarks>
    /// <paramref name="root"/> is the manifest's root or null; <paramref name="job"/> is a hash of everything that shapes the manifest, see
    /// <see cref="CorpusJournal.HashOf"/>.
    /// </remarks>
    public static CorpusBuildReport Write(
        string manifestPath,
        string? root,
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
        using CorpusJournal journal = CorpusJournal.Open(manifestPath, root, job, resume, counter.Add);
        int done = 0;
        foreach (CorpusJournal.DoneIdentity identity in journal.Done)
        {
            Finish(identity.Notices);
        }

        foreach (string identity in identities.Skip(done))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var own = new CorpusTally();
            int before = counter.ClipCount;
            foreach (Clip clip in clipsOf(identity, own))
            {
                counter.Add(clip);
                journal.Write(clip);
            }

            if (counter.ClipCount == before)
            {
                own.Add("people of whom no clip is left, left out", identity);
            }

            journal.Finish(identity, own.Notices);
            Finish(own.Notices);
        }

        if (counter.ClipCount == 0)
        {
            journal.Discard();
            throw new InvalidDataException($"{manifestPath}: there is no clip to write{tally.Reasons}; expected at least one.");
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
}
