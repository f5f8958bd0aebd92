namespace CrossModalVae.Clustering;

/// <summary>
/// Single linkage of rows: which groups merge at which distance. All that merges at one distance merges at once, so the tree does not
/// depend on which of several minimum spanning trees it is made from; children are in the order of their first rows.
/// </summary>
internal sealed class MergeTree
{
    private readonly int _rowCount;
    private readonly List<int> _children = [];
    private readonly List<int> _starts = [0]; // [inner nodes + 1], into _children
    private readonly List<int> _sizes = [];
    private readonly List<double> _distances = [];

    /// <param name="rowCount">N, at least 2.</param>
    /// <param name="edges">The N - 1 edges of a minimum spanning tree.</param>
    public MergeTree(int rowCount, List<SpanningEdge> edges)
    {
        _rowCount = rowCount;
        SpanningEdge[] sorted = [.. edges];
        Array.Sort(Array.ConvertAll(sorted, edge => edge.Weight), sorted);
        var sets = new DisjointSets(rowCount); // a root is its set's first row
        int[] nodes = [.. Enumerable.Range(0, rowCount)]; // by root
        for (int start = 0, end; start < sorted.Length; start = end)
        {
            var merged = new SortedSet<int>();
            for (end = start; end < sorted.Length && sorted[end].Weight == sorted[start].Weight; end++)
            {
                merged.Add(sets.Find(sorted[end].One));
                merged.Add(sets.Find(sorted[end].Other));
            }

            for (int i = start; i < end; i++)
            {
                sets.Join(sorted[i].One, sorted[i].Other);
            }

            foreach (IGrouping<int, int> group in merged.GroupBy(sets.Find).ToList())
            {
                Add([.. group.Select(root => nodes[root])], sorted[start].Weight);
                nodes[group.Key] = Root;
            }
        }
    }

    /// <summary>The node of all rows. Nodes below N are rows.</summary>
    public int Root => _rowCount + _sizes.Count - 1;

    /// <summary>Rows of a node.</summary>
    public int SizeOf(int node) => node < _rowCount ? 1 : _sizes[node - _rowCount];

    /// <summary>1 / the distance at which a node's children are apart; infinite where that is 0.</summary>
    public double LambdaOf(int node) => 1 / _distances[node - _rowCount];

    /// <summary>A node's children; none of a row.</summary>
    public IEnumerable<int> ChildrenOf(int node)
    {
        if (node >= _rowCount)
        {
            for (int i = _starts[node - _rowCount]; i < _starts[node - _rowCount + 1]; i++)
            {
                yield return _children[i];
            }
        }
    }

    /// <summary>A node's rows.</summary>
    public IEnumerable<int> RowsOf(int node)
    {
        var open = new Stack<int>([node]);
        while (open.TryPop(out int next))
        {
            if (next < _rowCount)
            {
                yield return next;
            }

            foreach (int child in ChildrenOf(next))
            {
                open.Push(child);
            }
        }
    }

    private void Add(int[] children, double distance)
    {
        _children.AddRange(children);
        _starts.Add(_children.Count);
        _sizes.Add(children.Sum(SizeOf));
        _distances.Add(distance);
    }
}
