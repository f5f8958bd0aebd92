namespace CrossModalVae.Clustering;

/// <summary>The result of <see cref="Hdbscan.Fit"/>. It keeps the points for <see cref="Predict"/>.</summary>
public sealed class HdbscanResult
{
    /// <summary>The label of points in no cluster.</summary>
    public const int Noise = -1;

    private readonly PointTiles? _points; // null where there are fewer than two rows
    private readonly int _dimension;
    private readonly ClusterTree _tree;
    private readonly ClusterChoice _choice;
    private readonly double[] _core; // by row: the distance to the (minSamples - 1)-th nearest other row; here the row itself counts
    private readonly int _minSamples;
    private readonly double[] _deepest;

    internal HdbscanResult(PointTiles? points, int dimension, ClusterTree tree, ClusterChoice choice, double[] core, int minSamples)
    {
        (_points, _dimension, _tree, _choice, _core, _minSamples) = (points, dimension, tree, choice, core, minSamples);
        _deepest = tree.DeepestLambdas();
        int count = tree.RowClusters.Length;
        int[] labels = new int[count];
        double[] probabilities = new double[count], scores = new double[count];
        for (int row = 0; row < count; row++)
        {
            int cluster = tree.RowClusters[row];
            double lambda = tree.RowLambdas[row];
            labels[row] = choice.Label(cluster, lambda);
            probabilities[row] = choice.Probability(cluster, lambda);
            scores[row] = OutlierScore(cluster, lambda);
        }

        Labels = Array.AsReadOnly(labels);
        Probabilities = Array.AsReadOnly(probabilities);
        OutlierScores = Array.AsReadOnly(scores);
        ClusterCount = choice.Count;
        CondensedTree = tree.Edges().AsReadOnly();
    }

    /// <summary>The cluster of each point, numbered from 0 by the cluster's first point; -1 is noise.</summary>
    public IReadOnlyList<int> Labels { get; }

    /// <summary>
    /// Membership probability of each point in its cluster, 0 to 1: the density at which it leaves the cluster over the largest at which a
    /// point does. 0 for noise.
    /// </summary>
    public IReadOnlyList<double> Probabilities { get; }

    /// <summary>
    /// Outlier score of each point, 0 to 1 (GLOSH; Campello et al. 2015, section 6): 1 minus the density at which it leaves its last
    /// cluster over the largest density of that cluster and its descendants.
    /// </summary>
    public IReadOnlyList<double> OutlierScores { get; }

    /// <summary>How many clusters there are.</summary>
    public int ClusterCount { get; }

    /// <summary>Share of points that are noise, 0 to 1.</summary>
    public double NoiseShare => Labels.Count == 0 ? 0 : Labels.Count(label => label == Noise) / (double)Labels.Count;

    /// <summary>The tree that clusters were selected from: the edges of clusters, parents first, then those of the rows.</summary>
    public IReadOnlyList<CondensedEdge> CondensedTree { get; }

    /// <summary>
    /// Assigns new rows to the fitted clusters, which do not change (the reference implementation's approximate_predict and
    /// approximate_predict_scores). Where the tree has no clusters every row is noise.
    /// </summary>
    /// <param name="values">[M, dimension] row-major; all finite; dimension as fitted.</param>
    /// <param name="rowCount">M.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="ArgumentException">Sizes do not fit, or a value is not finite.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public HdbscanPrediction Predict(float[] values, int rowCount, CancellationToken cancellationToken = default)
    {
        Rows.Check(values, rowCount, _dimension);
        int[] labels = new int[rowCount];
        double[] probabilities = new double[rowCount], scores = new double[rowCount];
        Array.Fill(labels, HdbscanResult.Noise);
        Array.Fill(scores, 1);
        if (rowCount > 0 && _points is not null && (_tree.Count > 1 || _choice.Count > 0))
        {
            PointTiles queries = _points.CreateOther(values, rowCount, cancellationToken);
            NearestRows nearest = NearestRows.Find(
                queries, _points, Math.Min(2 * _minSamples, _points.Count), cancellationToken: cancellationToken);
            for (int row = 0; row < rowCount; row++)
            {
                (int neighbour, double lambda) = Nearest(nearest, row);
                int cluster = ClusterAt(neighbour, lambda);
                labels[row] = _choice.Label(cluster, lambda);
                probabilities[row] = _choice.Probability(cluster, lambda);
                bool isFitted = nearest.Distances[row * nearest.K] == 0;
                scores[row] = OutlierScore(_tree.RowClusters[neighbour], isFitted ? _tree.RowLambdas[neighbour] : lambda);
            }
        }

        return new HdbscanPrediction(labels, probabilities, scores);
    }

    // Of a point that leaves a cluster at a density.
    private double OutlierScore(int cluster, double lambda)
    {
        double most = _deepest[cluster];
        return most == 0 || !double.IsFinite(lambda) ? 0 : double.IsFinite(most) ? Math.Clamp((most - lambda) / most, 0, 1) : 1;
    }

    // Of the nearest points by distance the nearest by mutual reachability, and the density at which it is reached.
    private (int Neighbour, double Lambda) Nearest(NearestRows nearest, int row)
    {
        int first = row * nearest.K;
        double own = nearest.Distances[first + Math.Min(_minSamples, nearest.K - 1)];
        int neighbour = -1;
        double least = double.PositiveInfinity;
        for (int i = first; i < first + nearest.K; i++)
        {
            double reach = Math.Max(nearest.Distances[i], Math.Max(own, _core[nearest.Rows[i]]));
            if (reach < least)
            {
                (neighbour, least) = (nearest.Rows[i], reach);
            }
        }

        return (neighbour, 1 / least);
    }

    // The cluster of a fitted row, or its first ancestor that exists at a lower density.
    private int ClusterAt(int row, double lambda)
    {
        int cluster = _tree.RowClusters[row];
        while (_tree.RowLambdas[row] > lambda && cluster > 0 && _tree[cluster].Birth >= lambda)
        {
            cluster = _tree[cluster].Parent;
        }

        return cluster;
    }
}

/// <summary>The result of <see cref="HdbscanResult.Predict"/> for rows that were not fitted.</summary>
public sealed class HdbscanPrediction
{
    internal HdbscanPrediction(int[] labels, double[] probabilities, double[] outlierScores)
    {
        Labels = Array.AsReadOnly(labels);
        Probabilities = Array.AsReadOnly(probabilities);
        OutlierScores = Array.AsReadOnly(outlierScores);
    }

    /// <summary>The cluster of each row; -1 is noise.</summary>
    public IReadOnlyList<int> Labels { get; }

    /// <summary>Membership probability of each row in its cluster, 0 to 1; 0 for noise.</summary>
    public IReadOnlyList<double> Probabilities { get; }

    /// <summary>Outlier score of each row, 0 to 1.</summary>
    public IReadOnlyList<double> OutlierScores { get; }
}

/// <summary>
/// One edge of <see cref="HdbscanResult.CondensedTree"/>: a row that leaves a cluster, or a cluster that a larger one splits into.
/// </summary>
/// <param name="Parent">The cluster, N (the root, all rows) or more.</param>
/// <param name="Child">A row, 0 to N - 1, or a cluster.</param>
/// <param name="Lambda">The density, 1 / distance, at which it leaves; infinite where the distance is 0.</param>
/// <param name="ChildSize">Rows of the child; 1 for a row.</param>
public readonly record struct CondensedEdge(int Parent, int Child, double Lambda, int ChildSize);
