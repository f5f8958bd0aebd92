namespace CrossModalVae.Corpora;

/// <summary>A corpus: its clips in file order and the folder their paths are relative to.</summary>
public sealed class Manifest
{
    private readonly string? _root;

    /// <summary>Stores a corpus.</summary>
    /// <param name="path">The manifest file.</param>
    /// <param name="clips">The clips in file order.</param>
    /// <param name="root">The folder that the clips' paths are relative to, seen from the manifest's folder unless it is absolute; null
    /// is the manifest's folder. Default null.</param>
    public Manifest(string path, IReadOnlyList<Clip> clips, string? root = null)
    {
        FilePath = Path.GetFullPath(path);
        Clips = clips;
        _root = root is null ? null : Path.GetFullPath(root, Path.GetDirectoryName(FilePath)!);
    }

    /// <summary>The manifest file.</summary>
    public string FilePath { get; }

    /// <summary>The folder that the clips' paths are relative to: the manifest's own, or its root where it has one.</summary>
    public string Folder => _root ?? Path.GetDirectoryName(FilePath)!;

    /// <summary>The clips in file order.</summary>
    public IReadOnlyList<Clip> Clips { get; }

    /// <summary>The same corpus with other clips: a part of them, as a rule.</summary>
    /// <param name="clips">The clips; their paths are relative to the same folder.</param>
    public Manifest With(IReadOnlyList<Clip> clips) => new(FilePath, clips, _root);

    /// <summary>The absolute path of a clip's voice file, or null where it has no voice.</summary>
    /// <param name="clip">A clip of this manifest.</param>
    public string? VoicePath(Clip clip) => clip.Voice is null ? null : Resolve(clip.Voice);

    /// <summary>The absolute paths of a clip's face frames; empty where it has no face.</summary>
    /// <param name="clip">A clip of this manifest.</param>
    public IReadOnlyList<string> FacePaths(Clip clip) => [.. clip.Faces.Select(Resolve)];

    private string Resolve(string relative) => Path.Combine(Folder, relative);
}
