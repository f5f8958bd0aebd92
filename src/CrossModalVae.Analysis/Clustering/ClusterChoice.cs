namespace CrossModalVae.Clustering;

/// <summary>Which clusters of a tree are taken, and what that makes of each row.</summary>
internal sealed class ClusterChoice
{
    private readonly ClusterTree _tree;
    private readonly HdbscanOptions _options;
    private readonly int[] _owners; // by cluster: the taken one that it is or is part of; -1
    private readonly int[] _numbers; // by taken cluster: its label; -1 where no row has it

    public ClusterChoice(ClusterTree tree, HdbscanOptions options)
    {
        _tree = tree;
        _options = options;
        bool[] isTaken = options.Selection == ClusterSelection.Leaf ? Leaves() : MostStable();
        bool isRootAlone = options.Selection == ClusterSelection.Eom && isTaken[0];
        if (options.SelectionEpsilon > 0 && tree.Count > 1 && !isRootAlone)
        {
            isTaken = Widen(isTaken);
        }

        _owners = new int[tree.Count];
        for (int cluster = 0; cluster < tree.Count; cluster++)
        {
            int parent = tree.Parent(cluster);
            _owners[cluster] = parent >= 0 && _owners[parent] >= 0 ? _owners[parent] : isTaken[cluster] ? cluster : -1;
        }

        _numbers = new int[tree.Count];
        Array.Fill(_numbers, HdbscanResult.Noise);
        for (int row = 0; row < tree.RowClusters.Length; row++)
        {
            int owner = Owner(tree.RowClusters[row], tree.RowLambdas[row]);
            if (owner >= 0 && _numbers[owner] == HdbscanResult.Noise)
            {
                _numbers[owner] = Count++;
            }
        }
    }

    /// <summary>Clusters taken that have rows.</summary>
    public int Count { get; private set; }

    /// <summary>The label of what falls out of a cluster at a density.</summary>
    public int Label(int cluster, double lambda)
    {
        int owner = Owner(cluster, lambda);
        return owner < 0 ? HdbscanResult.Noise : _numbers[owner];
    }

    /// <summary>How strongly it belongs there, 0 to 1.</summary>
    public double Probability(int cluster, double lambda)
    {
        int owner = Owner(cluster, lambda);
        if (owner < 0)
        {
            return 0;
        }

        double most = _tree.MaxLambda(owner);
        return most == 0 || !double.IsFinite(lambda) ? 1 : Math.Min(lambda, most) / most;
    }

    // Of the root only the densest part is a cluster: what is left when the first of it falls out.
    private int Owner(int cluster, double lambda)
    {
        int owner = _owners[cluster];
        double least = _options.SelectionEpsilon > 0 ? 1 / _options.SelectionEpsilon : _tree.MaxLambda(0);
        return owner == 0 && lambda < least ? -1 : owner;
    }

    // A cluster gives way to what it parts into where that is more stable in sum; from the leaves up.
    private bool[] MostStable()
    {
        var isTaken = new bool[_tree.Count];
        var below = new double[_tree.Count]; // the sum of what is taken of its parts
        int last = _options.AllowSingleCluster && _tree.RowClusters.Length > 1 ? 0 : 1;
        for (int cluster = _tree.Count - 1; cluster >= last; cluster--)
        {
            isTaken[cluster] = below[cluster] <= _tree.Stability(cluster);
            if (cluster > 0)
            {
                below[_tree.Parent(cluster)] += isTaken[cluster] ? _tree.Stability(cluster) : below[cluster];
            }
        }

        return isTaken;
    }

    private bool[] Leaves()
    {
        var isLeaf = new bool[_tree.Count];
        for (int cluster = 1; cluster < _tree.Count; cluster++)
        {
            isLeaf[cluster] = true;
            isLeaf[_tree.Parent(cluster)] = false;
        }

        return isLeaf;
    }

    private bool[] Widen(bool[] isTaken)
    {
        var isWidened = new bool[_tree.Count];
        for (int cluster = 1; cluster < _tree.Count; cluster++)
        {
            if (isTaken[cluster])
            {
                isWidened[Around(cluster)] = true;
            }
        }

        return isWidened;
    }

    // A cluster born at a distance below epsilon gives way to the smallest one around it that was not.
    private int Around(int cluster)
    {
        while (1 / _tree.Birth(cluster) < _options.SelectionEpsilon)
        {
            int parent = _tree.Parent(cluster);
            if (parent == 0)
            {
                return _options.AllowSingleCluster ? 0 : cluster;
            }

            cluster = parent;
        }

        return cluster;
    }
}
