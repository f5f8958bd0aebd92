namespace CrossModalVae.Cli.Workflows;

/// <summary>The pictures that stand for clips on contact sheets.</summary>
internal sealed class ClipFaces(Manifest manifest)
{
    private readonly Dictionary<(string, string), Clip> _clips = manifest.Clips.ToDictionary(clip => (clip.Identity, clip.Name));

    /// <summary>The path of a clip's middle frame; null where it has none.</summary>
    /// <exception cref="InvalidDataException">The manifest has no such clip.</exception>
    internal string? Middle(string identity, string name)
    {
        if (!_clips.TryGetValue((identity, name), out Clip? clip))
        {
            throw new InvalidDataException(
                $"{manifest.FilePath}: has no clip '{identity}/{name}'; expected every clip of the embeddings.");
        }

        IReadOnlyList<string> faces = manifest.FacePaths(clip);
        return faces.Count == 0 ? null : faces[faces.Count / 2];
    }
}
