namespace CrossModalVae.Corpora;

/// <summary>Counts what was met on the way through a corpus, with a few examples of each, in the order of first occurrence.</summary>
internal sealed class CorpusTally
{
    private const int MostExamples = 5;

    private readonly List<(string What, int Count, List<string> Examples)> _entries = [];

    public IReadOnlyList<CorpusNotice> Notices => [.. _entries.Select(entry => new CorpusNotice(entry.What, entry.Count, entry.Examples))];

    public void Add(string what, string example) => Add(what, 1, [example]);

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
            _entries.Add((what, times, [.. some]));
            return;
        }

        (string _, int count, List<string> examples) = _entries[index];
        _entries[index] = (what, count + times, examples);
        examples.AddRange(some.Take(MostExamples - examples.Count));
    }
}
