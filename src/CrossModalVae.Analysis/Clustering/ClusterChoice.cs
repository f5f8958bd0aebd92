namespace CrossModalVae.Clustering;

/// <summary>The clusters selected from a tree, and the label and probability of a point in them.</summary>
internal sealed class ClusterChoice
{
    private readonly ClusterTree _tree;
    private readonly HdbscanOptions _options;
    private readonly int[] _owners; // by cluster: the selected one that contains it, or -1
    private readonly int[] _numbers; // by selected cluster: its label; -1 where no row has it

    public ClusterChoice(ClusterTree tree, HdbscanOptions options)
    {
        _tree = tree;
        _options = options;
        bool[] isSelected = options.Selection == ClusterSelection.Leaf ? Leaves() : MostStable();
        bool isRootSelected = options.Selection == ClusterSelection.Eom && isSelected[0];
        if (options.SelectionEpsilon > 0 && tree.Count > 1 && !isRootSelected)
        {
            isSelected = MergeBelowEpsilon(isSelected);
        }

        _owners = new int[tree.Count];
        for (int cluster = 0; cluster < tree.Count; cluster++)
        {
            int parent = tree[cluster].Parent;
            _owners[cluster] = parent >= 0 && _owners[parent] >= 0 ? _owners[parent] : isSelected[cluster] ? cluster : -1;
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

    /// <summary>Selected clusters that have rows.</summary>
    public int Count { get; private set; }

    /// <summary>The label of a point that leaves a cluster at a density.</summary>
    public int Label(int cluster, double lambda)
    {
        int owner = Owner(cluster, lambda);
        return owner < 0 ? HdbscanResult.Noise : _numbers[owner];
    }

    /// <summary>Its membership probability, 0 to 1.</summary>
    public double Probability(int cluster, double lambda)
    {
        int owner = Owner(cluster, lambda);
        if (owner < 0)
        {
            return 0;
        }

        double most = _tree[owner].MaxLambda;
        return most == 0 || !double.IsFinite(lambda) ? 1 : Math.Min(lambda, most) / most;
    }

    // Of the root only the densest part is a cluster: the points left when the first ones leave it.
    private int Owner(int cluster, double lambda)
    {
        int owner = _owners[cluster];
        double least = _options.SelectionEpsilon > 0 ? 1 / _options.SelectionEpsilon : _tree[0].MaxLambda;
        return owner == 0 && lambda < least ? -1 : owner;
    }

    // From the leaves up: a cluster is replaced by its children where their total stability is higher.
    private bool[] MostStable()
    {
        var isSelected = new bool[_tree.Count];
        var below = new double[_tree.Count]; // total stability of what is selected below it
        int last = _options.AllowSingleCluster && _tree.RowClusters.Length > 1 ? 0 : 1;
        for (int cluster = _tree.Count - 1; cluster >= last; cluster--)
        {
            isSelected[cluster] = below[cluster] <= _tree[cluster].Stability;
            if (cluster > 0)
            {
                below[_tree[cluster].Parent] += isSelected[cluster] ? _tree[cluster].Stability : below[cluster];
            }
        }

        return isSelected;
    }

    private bool[] Leaves()
    {
        var isLeaf = new bool[_tree.Count];
        for (int cluster = 1; cluster < _tree.Count; cluster++)
        {
            isLeaf[cluster] = true;
            isLeaf[_tree[cluster].Parent] = false;
        }

        return isLeaf;
    }

    private bool[] MergeBelowEpsilon(bool[] isSelected)
    {
        var isMerged = new bool[_tree.Count];
        for (int cluster = 1; cluster < _tree.Count; cluster++)
        {
            if (isSelected[cluster])
            {
                isMerged[AncestorBornAtEpsilon(cluster)] = true;
            }
        }

        return isMerged;
    }

    // A cluster born at a distance below epsilon is replaced by its nearest ancestor that was not.
    private int AncestorBornAtEpsilon(int cluster)
    {
        while (1 / _tree[cluster].Birth < _options.SelectionEpsilon)
        {
            int parent = _tree[cluster].Parent;
            if (parent == 0)
            {
                return _options.AllowSingleCluster ? 0 : cluster;
            }

            cluster = parent;
        }

        return cluster;
    }
}
