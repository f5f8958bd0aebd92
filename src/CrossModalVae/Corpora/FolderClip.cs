namespace CrossModalVae.Corpora;

/// <summary>A clip that the patterns found: its files relative to the corpus folder.</summary>
/// <param name="identity">Whose it is.</param>
/// <param name="name">What it is called.</param>
internal sealed class FolderClip(string identity, string name)
{
    public string Identity { get; } = identity;

    public string Name { get; } = name;

    public CorpusSplit? Split { get; set; }

    public string? Gender { get; set; }

    public List<string> Voices { get; } = [];

    public List<string> Faces { get; } = [];

    public Clip ToClip(string prefix, CorpusSplit split) => new()
    {
        Identity = Identity,
        Name = Name,
        Voice = Voices.Count == 0 ? null : prefix + Voices[0],
        Faces = [.. Faces.Order(StringComparer.Ordinal).Select(face => prefix + face)],
        Gender = Gender,
        Split = split,
    };
}
