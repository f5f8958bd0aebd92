namespace CrossModalVae.Clustering;

/// <summary>What <see cref="Hdbscan.Fit"/> found. It keeps the points, for <see cref="Predict"/>.</summary>
public sealed class HdbscanResult
{
    /// <summary>The label of points in no cluster.</summary>
    public const int Noise = -1;

    private readonly HdbscanModel _model;

    internal HdbscanResult(ClusterTree tree, ClusterChoice choice, HdbscanModel model)
    {
        _model = model;
        int count = tree.RowClusters.Length;
        int[] labels = new int[count];
        double[] probabilities = new double[count], scores = new double[count];
        for (int row = 0; row < count; row++)
        {
            int cluster = tree.RowClusters[row];
            double lambda = tree.RowLambdas[row];
            labels[row] = choice.Label(cluster, lambda);
            probabilities[row] = choice.Probability(cluster, lambda);
            scores[row] = model.OutlierScore(cluster, lambda);
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
    /// How strongly each point belongs to its cluster, 0 to 1: the density at which it falls out over the
    /// largest at which anything does. 0 for noise.
    /// </summary>
    public IReadOnlyList<double> Probabilities { get; }

    /// <summary>
    /// How outlying each point is, 0 to 1 (GLOSH; Campello et al. 2015, section 6): 1 less the density at which it falls out of its last
    /// cluster over the largest density of that cluster and its parts.
    /// </summary>
    public IReadOnlyList<double> OutlierScores { get; }

    /// <summary>How many clusters there are.</summary>
    public int ClusterCount { get; }

    /// <summary>Share of points that are noise, 0 to 1.</summary>
    public double NoiseShare => Labels.Count == 0 ? 0 : Labels.Count(label => label == Noise) / (double)Labels.Count;

    /// <summary>
    /// The tree that clusters were chosen from: the clusters' edges, each after that of the cluster it is
    /// part of, then those of the rows in order.
    /// </summary>
    public IReadOnlyList<CondensedEdge> CondensedTree { get; }

    /// <summary>
    /// Says where rows that were not clustered would belong, the clusters staying as they are (the reference implementation's
    /// approximate_predict and approximate_predict_scores). Where the tree has no clusters every row is noise.
    /// </summary>
    /// <param name="values">[M, dimension] row-major; all finite; dimension as fitted.</param>
    /// <param name="rowCount">M.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="ArgumentException">Sizes do not fit, or a value is not finite.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public HdbscanPrediction Predict(float[] values, int rowCount, CancellationToken cancellationToken = default) =>
        _model.Predict(values, rowCount, cancellationToken);
}
