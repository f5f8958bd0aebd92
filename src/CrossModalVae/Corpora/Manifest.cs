namespace CrossModalVae.Corpora;

/// <summary>A corpus: its clips in file order and the folder their paths are relative to.</summary>
/// <param name="path">The manifest file.</param>
/// <param name="clips">The clips in file order.</param>
public sealed class Manifest(string path, IReadOnlyList<Clip> clips)
{
    /// <summary>The manifest file.</summary>
    public string FilePath { get; } = System.IO.Path.GetFullPath(path);

    /// <summary>The folder that the clips' paths are relative to.</summary>
    public string Folder => System.IO.Path.GetDirectoryName(FilePath)!;

    /// <summary>The clips in file order.</summary>
    public IReadOnlyList<Clip> Clips { get; } = clips;

    /// <summary>The absolute path of a clip's wav file, or null where it has no voice.</summary>
    /// <param name="clip">A clip of this manifest.</param>
    public string? VoicePath(Clip clip) => clip.Voice is null ? null : Resolve(clip.Voice);

    /// <summary>The absolute paths of a clip's face frames; empty where it has no face.</summary>
    /// <param name="clip">A clip of this manifest.</param>
    public IReadOnlyList<string> FacePaths(Clip clip) => [.. clip.Faces.Select(Resolve)];

    private string Resolve(string relative) => System.IO.Path.Combine(Folder, relative);
}
