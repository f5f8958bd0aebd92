namespace CrossModalVae.Corpora;

/// <summary>The content of a manifest that was made.</summary>
/// <param name="IdentityCount">Identities with at least one clip.</param>
/// <param name="ClipCount">Clips written.</param>
/// <param name="VoiceCount">Clips with a voice.</param>
/// <param name="FaceCount">Clips with a face.</param>
/// <param name="PairCount">Clips with both.</param>
/// <param name="ClipsPerSplit">Clips of each split, all splits present.</param>
/// <param name="Notices">What was omitted or is missing, counted.</param>
public sealed record CorpusBuildReport(
    int IdentityCount,
    int ClipCount,
    int VoiceCount,
    int FaceCount,
    int PairCount,
    IReadOnlyDictionary<CorpusSplit, int> ClipsPerSplit,
    IReadOnlyList<CorpusNotice> Notices);

/// <summary>Progress of making a manifest.</summary>
/// <param name="DoneIdentities">Identities whose clips are all written.</param>
/// <param name="IdentityCount">Identities of the whole corpus.</param>
/// <param name="ClipCount">Clips written so far.</param>
public readonly record struct CorpusBuildProgress(int DoneIdentities, int IdentityCount, int ClipCount);

/// <summary>Something about a corpus that its user should know: what was omitted, what is missing.</summary>
/// <param name="What">In words, as in "clip folders with more than one wav file".</param>
/// <param name="Count">Number of occurrences.</param>
/// <param name="Examples">The first few different ones, in corpus order.</param>
public sealed record CorpusNotice(string What, int Count, IReadOnlyList<string> Examples)
{
    /// <summary>The notice in words: "clips without a face: 2 (a/1, b/7)".</summary>
    internal string Text => $"{What}: {Count} ({string.Join(", ", Examples)}{(Count > Examples.Count ? ", ..." : "")})";
}

/// <summary>Counts the clips of a manifest and refuses duplicates.</summary>
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
        bool hasVoice = clip.Voice is not null, hasFace = clip.Faces.Count > 0;
        _voices += hasVoice ? 1 : 0;
        _faces += hasFace ? 1 : 0;
        _pairs += hasVoice && hasFace ? 1 : 0;
    }

    public CorpusBuildReport Report(IReadOnlyList<CorpusNotice> notices) =>
        new(_identities.Count, ClipCount, _voices, _faces, _pairs, _perSplit, notices);
}

/// <summary>Counts notices on a corpus, with a few examples of each, in the order of first occurrence.</summary>
internal sealed class CorpusTally
{
    private const int MostExamples = 5;

    private readonly List<(string What, int Count, List<string> Examples)> _entries = [];

    public IReadOnlyList<CorpusNotice> Notices => [.. _entries.Select(entry => new CorpusNotice(entry.What, entry.Count, entry.Examples))];

    /// <summary>All notices as a part of a message that begins with a colon; empty where there are none.</summary>
    public string Reasons => _entries.Count == 0 ? "" : ": " + string.Join("; ", Notices.Select(notice => notice.Text));

    public void Add(string what, string example, int count = 1) => Add(what, count, [example]);

    public void Add(IEnumerable<CorpusNotice> notices)
    {
        foreach (CorpusNotice notice in notices)
        {
            Add(notice.What, notice.Count, notice.Examples);
        }
    }

    private void Add(string what, int times, IReadOnlyList<string> some)
    {
        int index = _entries.FindIndex(entry => entry.What == what);
        if (index < 0)
        {
            index = _entries.Count;
            _entries.Add((what, 0, []));
        }

        (string _, int count, List<string> examples) = _entries[index];
        _entries[index] = (what, count + times, examples);
        examples.AddRange(some.Except(examples, StringComparer.Ordinal).Take(MostExamples - examples.Count));
    }
}
