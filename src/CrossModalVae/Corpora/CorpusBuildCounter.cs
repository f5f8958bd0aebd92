namespace CrossModalVae.Corpora;

/// <summary>Counts the clips that go into a manifest and refuses one that is given twice.</summary>
internal sealed class CorpusBuildCounter
{
    private readonly HashSet<string> _identities = new(StringComparer.Ordinal);
    private readonly HashSet<(string, string)> _keys = [];
    private readonly Dictionary<CorpusSplit, int> _perSplit = Enum.GetValues<CorpusSplit>().ToDictionary(split => split, _ => 0);
    private int _voices;
    private int _faces;
    private int _pairs;

    public int ClipCount => _keys.Count;

    /// <exception cref="InvalidDataException">The clip is there already.</exception>
    public void Add(Clip clip)
    {
        if (!_keys.Add((clip.Identity, clip.Name)))
        {
            throw new InvalidDataException($"Clip '{clip.Name}' of identity '{clip.Identity}' is found twice; expected once.");
        }

        _identities.Add(clip.Identity);
        _perSplit[clip.Split]++;
        bool hasVoice = clip.Voice is not null;
        bool hasFace = clip.Faces.Count > 0;
        _voices += hasVoice ? 1 : 0;
        _faces += hasFace ? 1 : 0;
        _pairs += hasVoice && hasFace ? 1 : 0;
    }

    public CorpusBuildReport Report(IReadOnlyList<CorpusNotice> notices) =>
        new(_identities.Count, ClipCount, _voices, _faces, _pairs, _perSplit, notices);
}
