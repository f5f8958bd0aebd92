namespace CrossModalVae.Retrieval.Search;

/// <summary>The k best rows so far, higher scores first and equal ones by row: a heap with the worst of them on top.</summary>
internal sealed class BestRows(int capacity)
{
    private readonly RankedRow[] _heap = new RankedRow[capacity];
    private int _count;

    /// <summary>Whether there are k.</summary>
    public bool IsFull => _count == _heap.Length;

    /// <summary>The worst score among them; only where there are k.</summary>
    public double WorstScore => _heap[0].Score;

    public void Clear() => _count = 0;

    public void Add(RankedRow row)
    {
        if (!IsFull)
        {
            int at = _count++;
            for (; at > 0 && IsBefore(_heap[(at - 1) / 2], row); at = (at - 1) / 2)
            {
                _heap[at] = _heap[(at - 1) / 2];
            }

            _heap[at] = row;
        }
        else if (IsBefore(row, _heap[0]))
        {
            Sink(row);
        }
    }

    public void AddTo(BestRows other)
    {
        for (int i = 0; i < _count; i++)
        {
            other.Add(_heap[i]);
        }
    }

    /// <summary>The rows, best first.</summary>
    public RankedRow[] Sorted()
    {
        RankedRow[] rows = _heap[.._count];
        Array.Sort(rows, (a, b) => IsBefore(a, b) ? -1 : IsBefore(b, a) ? 1 : 0);
        return rows;
    }

    private static bool IsBefore(RankedRow a, RankedRow b) => a.Score > b.Score || (a.Score == b.Score && a.Row < b.Row);

    private void Sink(RankedRow row)
    {
        int at = 0;
        while ((2 * at) + 1 < _count)
        {
            int child = (2 * at) + 1;
            if (child + 1 < _count && IsBefore(_heap[child], _heap[child + 1]))
            {
                child++;
            }

            if (!IsBefore(row, _heap[child]))
            {
                break;
            }

            _heap[at] = _heap[child];
            at = child;
        }

        _heap[at] = row;
    }
}
