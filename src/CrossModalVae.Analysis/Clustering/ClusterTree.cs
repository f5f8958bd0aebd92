namespace CrossModalVae.Clustering;

/// <summary>
/// The condensed tree (Campello et al. 2013, section 4.2; McInnes, Healy 2017): a cluster ends where it splits into two or more groups of
/// at least the minimum size, which become clusters; smaller groups leave it as single points. Cluster 0 is the root; a cluster comes after
/// its parent.
/// </summary>
internal sealed class ClusterTree
{
    private readonly List<Cluster> _clusters = [];

    /// <param name="rowCount">N.</param>
    /// <param name="merges">The single linkage; null where there are fewer than two rows.</param>
    /// <param name="minClusterSize">The fewest rows of a cluster.</param>
    public ClusterTree(int rowCount, MergeTree? merges, int minClusterSize)
    {
        RowClusters = new int[rowCount];
        RowLambdas = new double[rowCount];
        _clusters.Add(new Cluster(-1, 0, rowCount));
        var open = new Queue<(int Node, int Cluster)>();
        if (merges is not null)
        {
            open.Enqueue((merges.Root, 0));
        }

        while (open.TryDequeue(out (int Node, int Cluster) next))
        {
            Split(merges!, next.Node, next.Cluster, minClusterSize, open);
        }
    }

    /// <summary>Number of clusters, the root included.</summary>
    public int Count => _clusters.Count;

    public Cluster this[int cluster] => _clusters[cluster];

    /// <summary>The cluster that each row leaves.</summary>
    public int[] RowClusters { get; }

    /// <summary>The density at which it does; infinite where rows are equal, 0 for an isolated row.</summary>
    public double[] RowLambdas { get; }

    /// <summary>The largest density at which anything leaves a cluster or its descendants.</summary>
    public double[] DeepestLambdas()
    {
        double[] deepest = [.. _clusters.Select(cluster => cluster.MaxLambda)];
        for (int cluster = Count - 1; cluster > 0; cluster--)
        {
            int parent = _clusters[cluster].Parent;
            deepest[parent] = Math.Max(deepest[parent], deepest[cluster]);
        }

        return deepest;
    }

    /// <summary>The tree as edges; cluster c has the number N + c.</summary>
    public List<CondensedEdge> Edges()
    {
        int rows = RowClusters.Length;
        var edges = new List<CondensedEdge>(rows + Count);
        for (int cluster = 1; cluster < Count; cluster++)
        {
            (int parent, double birth, int size) = _clusters[cluster];
            edges.Add(new CondensedEdge(rows + parent, rows + cluster, birth, size));
        }

        edges.AddRange(RowClusters.Select((cluster, row) => new CondensedEdge(rows + cluster, row, RowLambdas[row], 1)));
        return edges;
    }

    private void Split(MergeTree merges, int node, int cluster, int minClusterSize, Queue<(int Node, int Cluster)> open)
    {
        double lambda = merges.LambdaOf(node);
        int clusters = merges.ChildrenOf(node).Count(child => merges.SizeOf(child) >= minClusterSize);
        Cluster own = _clusters[cluster];
        own.MaxLambda = Math.Max(own.MaxLambda, lambda);
        foreach (int child in merges.ChildrenOf(node))
        {
            int size = merges.SizeOf(child);
            if (size >= minClusterSize && clusters == 1)
            {
                open.Enqueue((child, cluster));
                continue;
            }

            own.Stability += (lambda - own.Birth) * size;
            if (size >= minClusterSize)
            {
                open.Enqueue((child, Count));
                _clusters.Add(new Cluster(cluster, lambda, size));
                continue;
            }

            foreach (int row in merges.RowsOf(child))
            {
                RowClusters[row] = cluster;
                RowLambdas[row] = lambda;
            }
        }
    }
}

/// <summary>One cluster of a <see cref="ClusterTree"/>.</summary>
/// <param name="Parent">-1 for the root.</param>
/// <param name="Birth">The density at which it splits off; 0 for the root.</param>
/// <param name="Size">Its rows.</param>
internal sealed record Cluster(int Parent, double Birth, int Size)
{
    /// <summary>The largest density at which anything leaves it.</summary>
    public double MaxLambda { get; set; }

    /// <summary>The sum over its rows of the range of densities in which they belong to it.</summary>
    public double Stability { get; set; }
}
