namespace CrossModalVae.Corpora;

/// <summary>Counts what was met on the way through a corpus, with a few examples of each, in the order of first occurrence.</summary>
internal sealed class CorpusTally
{
    private const int MostExamples = 5;

    private readonly List<(string What, int Count, List<string> Examples)> _entries = [];

    public IReadOnlyList<CorpusNotice> Notices => [.. _entries.Select(entry => new CorpusNotice(entry.What, entry.Count, entry.Examples))];

    public void Add(string what, string example)
    {
        int index = _entries.FindIndex(entry => entry.What == what);
        if (index < 0)
        {
            _entries.Add((what, 1, [example]));
            return;
        }

        (string _, int count, List<string> examples) = _entries[index];
        _entries[index] = (what, count + 1, examples);
        if (examples.Count < MostExamples)
        {
            examples.Add(example);
        }
    }
}
