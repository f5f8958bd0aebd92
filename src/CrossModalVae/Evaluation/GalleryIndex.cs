using CrossModalVae.Corpora;

namespace CrossModalVae.Evaluation;

/// <summary>The gallery's rows by identity, in a fixed order.</summary>
internal sealed class GalleryIndex
{
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);
    private readonly List<List<int>> _rows = [];
    private readonly IReadOnlyList<ClipKey> _items;

    internal GalleryIndex(IReadOnlyList<ClipKey> items)
    {
        _items = items;
        for (int row = 0; row < items.Count; row++)
        {
            if (!_numbers.TryGetValue(items[row].Identity, out int number))
            {
                number = _numbers[items[row].Identity] = _rows.Count;
                _rows.Add([]);
            }

            _rows[number].Add(row);
        }
    }

    internal int IdentityCount => _rows.Count;

    internal bool Contains(string identity) => _numbers.ContainsKey(identity);

    internal string IdentityOf(int row) => _items[row].Identity;

    internal IReadOnlyList<int> RowsOf(string identity) => _rows[_numbers[identity]];

    /// <summary>A random row of the probe's identity, of another clip than the probe's where there is one.</summary>
    internal int DrawPositive(ClipKey probe, SeededRandom random)
    {
        IReadOnlyList<int> own = RowsOf(probe.Identity);
        int[] others = [.. own.Where(row => _items[row].Clip != probe.Clip)];
        return others.Length > 0 ? others[random.NextInt32(others.Length)] : own[random.NextInt32(own.Count)];
    }

    /// <summary>Random rows of as many different identities other than the probe's, each identity equally likely.</summary>
    internal void DrawNegatives(string identity, Span<int> rows, SeededRandom random)
    {
        Span<int> chosen = stackalloc int[rows.Length + 1];
        chosen[0] = _numbers[identity];
        for (int k = 0; k < rows.Length; k++)
        {
            int number;
            do
            {
                number = random.NextInt32(_rows.Count);
            }
            while (chosen[..(k + 1)].Contains(number));
            chosen[k + 1] = number;
            rows[k] = _rows[number][random.NextInt32(_rows[number].Count)];
        }
    }
}
