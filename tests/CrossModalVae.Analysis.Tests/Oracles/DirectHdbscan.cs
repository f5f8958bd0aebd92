using CrossModalVae.Clustering;

namespace CrossModalVae.Analysis.Tests.Oracles;

/// <summary>
/// HDBSCAN* as it is written down: all mutual reachability distances in double precision, and a set of points taken apart again and again
/// at the largest distance that holds it together. O(n^3).
/// </summary>
internal sealed class DirectHdbscan
{
    private readonly double[,] _reach;
    private readonly HdbscanOptions _options;

    public DirectHdbscan(double[] distances, int count, HdbscanOptions options)
    {
        _options = options;
        int minSamples = Math.Min(options.MinSamples ?? options.MinClusterSize, count - 1);
        double[] core = [.. Enumerable.Range(0, count).Select(i =>
            Enumerable.Range(0, count).Where(j => j != i).Select(j => distances[(i * count) + j]).Order().ElementAt(minSamples - 1))];
        _reach = new double[count, count];
        for (int i = 0; i < count; i++)
        {
            for (int j = 0; j < count; j++)
            {
                _reach[i, j] = Math.Max(distances[(i * count) + j], Math.Max(core[i], core[j]));
            }
        }

        Labels = [.. Enumerable.Repeat(-1, count)];
        Probabilities = new double[count];
        OutlierScores = new double[count];
        var root = new Cluster([.. Enumerable.Range(0, count)], 0, null);
        Grow(root, root.Rows);
        Root = root;
        IEnumerable<Cluster> taken = Take(root);
        if (options.SelectionEpsilon > 0 && root.Parts.Count > 0 && !taken.Contains(root))
        {
            taken = taken.Select(Widen).Distinct().ToList();
        }

        Label(taken, root);
        Score(root);
    }

    public Cluster Root { get; }

    public int[] Labels { get; }

    public double[] Probabilities { get; }

    public double[] OutlierScores { get; }

    // What holds the rows together, then without it: large groups are parts where there are several, small ones fall out.
    private void Grow(Cluster cluster, List<int> rows)
    {
        double widest = Widest(rows);
        double lambda = 1 / widest;
        List<List<int>> groups = Groups(rows, widest);
        List<List<int>> large = [.. groups.Where(group => group.Count >= _options.MinClusterSize)];
        cluster.MaxLambda = Math.Max(cluster.MaxLambda, lambda);
        foreach (List<int> group in groups.Where(group => group.Count < _options.MinClusterSize))
        {
            group.ForEach(row => cluster.Fallen[row] = lambda);
        }

        if (large.Count == 1)
        {
            Grow(cluster, large[0]);
        }
        else
        {
            foreach (List<int> group in large)
            {
                var part = new Cluster(group, lambda, cluster);
                cluster.Parts.Add(part);
                Grow(part, group);
            }
        }
    }

    // The smallest distance at which the rows hang together.
    private double Widest(List<int> rows)
    {
        var open = new HashSet<int>(rows);
        var nearest = rows.ToDictionary(row => row, _ => double.PositiveInfinity);
        double widest = 0;
        int last = rows[0];
        open.Remove(last);
        while (open.Count > 0)
        {
            foreach (int row in open)
            {
                nearest[row] = Math.Min(nearest[row], _reach[last, row]);
            }

            last = open.MinBy(row => nearest[row]);
            widest = Math.Max(widest, nearest[last]);
            open.Remove(last);
        }

        return widest;
    }

    private List<List<int>> Groups(List<int> rows, double below)
    {
        var open = new SortedSet<int>(rows);
        var groups = new List<List<int>>();
        while (open.Count > 0)
        {
            var group = new List<int> { open.Min };
            open.Remove(group[0]);
            for (int i = 0; i < group.Count; i++)
            {
                foreach (int row in open.Where(row => _reach[group[i], row] < below).ToList())
                {
                    group.Add(row);
                    open.Remove(row);
                }
            }

            groups.Add(group);
        }

        return groups;
    }

    private List<Cluster> Take(Cluster cluster)
    {
        List<Cluster> below = [.. cluster.Parts.SelectMany(Take)];
        bool isRoot = cluster.Around is null;
        if (_options.Selection == ClusterSelection.Leaf)
        {
            return cluster.Parts.Count == 0 && !isRoot ? [cluster] : below;
        }

        return (!isRoot || _options.AllowSingleCluster) && cluster.Stability >= below.Sum(part => part.Stability) ? [cluster] : below;
    }

    private Cluster Widen(Cluster cluster)
    {
        while (1 / cluster.Birth < _options.SelectionEpsilon)
        {
            Cluster around = cluster.Around!;
            if (around.Around is null)
            {
                return _options.AllowSingleCluster ? around : cluster;
            }

            cluster = around;
        }

        return cluster;
    }

    private void Label(IEnumerable<Cluster> taken, Cluster root)
    {
        double least = _options.SelectionEpsilon > 0 ? 1 / _options.SelectionEpsilon : root.MaxLambda;
        int number = 0;
        var members = taken.Select(
            cluster => (Cluster: cluster, Rows: cluster.Rows.Where(row => cluster != root || Fall(root, row) >= least).ToList()));
        foreach ((Cluster cluster, List<int> rows) in members.Where(pair => pair.Rows.Count > 0).OrderBy(pair => pair.Rows.Min()))
        {
            foreach (int row in rows)
            {
                double lambda = Fall(cluster, row);
                Labels[row] = number;
                Probabilities[row] = double.IsFinite(lambda) ? Math.Min(lambda, cluster.MaxLambda) / cluster.MaxLambda : 1;
            }

            number++;
        }
    }

    private static double Fall(Cluster cluster, int row) =>
        cluster.Fallen.TryGetValue(row, out double lambda) ? lambda : Fall(cluster.Parts.Single(part => part.Rows.Contains(row)), row);

    private void Score(Cluster cluster)
    {
        double deepest = Deepest(cluster);
        foreach ((int row, double lambda) in cluster.Fallen)
        {
            OutlierScores[row] = !double.IsFinite(lambda) ? 0 : double.IsFinite(deepest) ? (deepest - lambda) / deepest : 1;
        }

        cluster.Parts.ForEach(Score);
    }

    private static double Deepest(Cluster cluster) => cluster.Parts.Select(Deepest).Append(cluster.MaxLambda).Max();

    internal sealed class Cluster(List<int> rows, double birth, Cluster? around)
    {
        public List<int> Rows => rows;

        public double Birth => birth;

        public Cluster? Around => around;

        public List<Cluster> Parts { get; } = [];

        public Dictionary<int, double> Fallen { get; } = [];

        public double MaxLambda { get; set; }

        public double Stability => Fallen.Values.Sum(lambda => lambda - birth) + Parts.Sum(part => (part.Birth - birth) * part.Rows.Count);
    }
}
