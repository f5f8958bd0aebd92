namespace CrossModalVae.Corpora;

/// <summary>What every builder of manifests shares: paths relative to the manifest, listings in ordinal order, counts along the way.</summary>
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
                ? throw new ArgumentException(
                    $"'manifestPath' is {manifestPath}; must lie in {root} or in a folder above it, because a manifest's paths are relative to it and never leave its folder.",
                    nameof(manifestPath))
                : relative + "/";
    }

    /// <summary>The names of a folder's folders in ordinal order, hidden ones left out.</summary>
    public static string[] Folders(string path) => List(path, Directory.EnumerateDirectories);

    /// <summary>The names of a folder's files in ordinal order, hidden ones left out.</summary>
    public static string[] Files(string path) => List(path, Directory.EnumerateFiles);

    public static bool IsVoice(string name) => name.EndsWith(".wav", StringComparison.OrdinalIgnoreCase);

    public static bool IsImage(string name) => ImageEndings.Any(ending => name.EndsWith(ending, StringComparison.OrdinalIgnoreCase));

    /// <summary>Writes the manifest and counts what goes into it; the notices are read when all clips have been taken.</summary>
    public static CorpusBuildReport Write(string manifestPath, IEnumerable<Clip> clips, CorpusTally tally, CancellationToken cancellationToken)
    {
        var identities = new HashSet<string>(StringComparer.Ordinal);
        Dictionary<CorpusSplit, int> perSplit = Enum.GetValues<CorpusSplit>().ToDictionary(split => split, _ => 0);
        int voices = 0, faces = 0, pairs = 0;
        int count = ManifestWriter.Write(manifestPath, clips.Select(clip =>
        {
            cancellationToken.ThrowIfCancellationRequested();
            identities.Add(clip.Identity);
            perSplit[clip.Split]++;
            bool hasVoice = clip.Voice is not null;
            bool hasFace = clip.Faces.Count > 0;
            voices += hasVoice ? 1 : 0;
            faces += hasFace ? 1 : 0;
            pairs += hasVoice && hasFace ? 1 : 0;
            return clip;
        }));
        return new CorpusBuildReport(identities.Count, count, voices, faces, pairs, perSplit, tally.Notices);
    }

    private static string[] List(string path, Func<string, IEnumerable<string>> enumerate)
    {
        try
        {
            return
            [
                .. enumerate(path).Select(entry => Path.GetFileName(entry)).Where(name => !name.StartsWith('.')).Order(StringComparer.Ordinal),
            ];
        }
        catch (UnauthorizedAccessException e)
        {
            throw new IOException($"{path}: cannot be read: {e.Message}", e);
        }
    }
}
