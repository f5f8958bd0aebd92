namespace CrossModalVae.Clustering;

/// <summary>
/// Single linkage of rows: which groups merge at which distance. All merges at one distance are one node, so the tree does not depend on
/// which of several minimum spanning trees it is built from; children are in the order of their first rows.
/// </summary>
internal sealed class MergeTree
{
    private readonly int _rowCount;
    private readonly List<(int[] Children, int Size, double Distance)> _nodes = []; // inner nodes

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
                sets.Union(sorted[i].One, sorted[i].Other);
            }

            foreach (IGrouping<int, int> group in merged.GroupBy(sets.Find).ToList())
            {
                int[] children = [.. group.Select(root => nodes[root])];
                _nodes.Add((children, children.Sum(SizeOf), sorted[start].Weight));
                nodes[group.Key] = Root;
            }
        }
    }

    /// <summary>The node of all rows. Nodes below N are rows.</summary>
    public int Root => _rowCount + _nodes.Count - 1;

    public int SizeOf(int node) => node < _rowCount ? 1 : _nodes[node - _rowCount].Size;

    /// <summary>1 / the distance at which a node's children merge; infinite where that is 0.</summary>
    public double LambdaOf(int node) => 1 / _nodes[node - _rowCount].Distance;

    public int[] ChildrenOf(int node) => node < _rowCount ? [] : _nodes[node - _rowCount].Children;

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
}
