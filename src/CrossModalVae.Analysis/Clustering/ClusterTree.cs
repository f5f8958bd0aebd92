namespace CrossModalVae.Clustering;

/// <summary>
/// The condensed tree (Campello et al. 2013, section 4.2; McInnes, Healy 2017): a cluster ends where it parts into two or more
/// groups of the minimum size or more, which are clusters again; smaller groups only fall out of it. Cluster 0 is the root; a
/// cluster comes after the one it is part of.
/// </summary>
internal sealed class ClusterTree
{
    private readonly List<int> _parents = [];
    private readonly List<double> _births = [];
    private readonly List<int> _sizes = [];
    private readonly List<double> _maxLambdas = [];
    private readonly List<double> _stabilities = [];

    /// <param name="rowCount">N.</param>
    /// <param name="merges">The single linkage; null where there are fewer than two rows.</param>
    /// <param name="minClusterSize">Rows of a cluster at least.</param>
    public ClusterTree(int rowCount, MergeTree? merges, int minClusterSize)
    {
        RowClusters = new int[rowCount];
        RowLambdas = new double[rowCount];
        Add(-1, 0, rowCount);
        var open = new Queue<(int Node, int Cluster)>();
        if (merges is not null)
        {
            open.Enqueue((merges.Root, 0));
        }

        while (open.TryDequeue(out (int Node, int Cluster) next))
        {
            Part(merges!, next.Node, next.Cluster, minClusterSize, open);
        }
    }

    /// <summary>Clusters, the root among them.</summary>
    public int Count => _parents.Count;

    /// <summary>The cluster that each row falls out of.</summary>
    public int[] RowClusters { get; }

    /// <summary>The density at which it does; infinite where rows are equal, 0 for a row that is alone in the world.</summary>
    public double[] RowLambdas { get; }

    /// <summary>What a cluster is part of; -1 for the root.</summary>
    public int Parent(int cluster) => _parents[cluster];

    /// <summary>The density at which a cluster parts from the others; 0 for the root.</summary>
    public double Birth(int cluster) => _births[cluster];

    /// <summary>The rows of a cluster.</summary>
    public int Size(int cluster) => _sizes[cluster];

    /// <summary>The largest density at which anything leaves a cluster.</summary>
    public double MaxLambda(int cluster) => _maxLambdas[cluster];

    /// <summary>The sum over a cluster's rows of how much density they spend in it.</summary>
    public double Stability(int cluster) => _stabilities[cluster];

    /// <summary>The largest density at which anything leaves a cluster or one that it parts into.</summary>
    public double[] DeepestLambdas()
    {
        double[] deepest = [.. _maxLambdas];
        for (int cluster = Count - 1; cluster > 0; cluster--)
        {
            deepest[_parents[cluster]] = Math.Max(deepest[_parents[cluster]], deepest[cluster]);
        }

        return deepest;
    }

    /// <summary>The tree as edges; cluster c is N + c.</summary>
    public List<CondensedEdge> Edges()
    {
        int rows = RowClusters.Length;
        var edges = new List<CondensedEdge>(rows + Count);
        for (int cluster = 1; cluster < Count; cluster++)
        {
            edges.Add(new CondensedEdge(rows + Parent(cluster), rows + cluster, Birth(cluster), Size(cluster)));
        }

        edges.AddRange(RowClusters.Select((cluster, row) => new CondensedEdge(rows + cluster, row, RowLambdas[row], 1)));
        return edges;
    }

    private void Part(MergeTree merges, int node, int cluster, int minClusterSize, Queue<(int Node, int Cluster)> open)
    {
        double lambda = merges.LambdaOf(node);
        int clusters = merges.ChildrenOf(node).Count(child => merges.SizeOf(child) >= minClusterSize);
        _maxLambdas[cluster] = Math.Max(_maxLambdas[cluster], lambda);
        foreach (int child in merges.ChildrenOf(node))
        {
            int size = merges.SizeOf(child);
            if (size >= minClusterSize && clusters == 1)
            {
                open.Enqueue((child, cluster));
                continue;
            }

            _stabilities[cluster] += (lambda - _births[cluster]) * size;
            if (size >= minClusterSize)
            {
                open.Enqueue((child, Count));
                Add(cluster, lambda, size);
                continue;
            }

            foreach (int row in merges.RowsOf(child))
            {
                RowClusters[row] = cluster;
                RowLambdas[row] = lambda;
            }
        }
    }

    private void Add(int parent, double birth, int size)
    {
        _parents.Add(parent);
        _births.Add(birth);
        _sizes.Add(size);
        _maxLambdas.Add(0);
        _stabilities.Add(0);
    }
}
