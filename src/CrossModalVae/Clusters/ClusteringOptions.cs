using CrossModalVae.Clustering;

namespace CrossModalVae.Clusters;

/// <summary>The clustering section of a recipe.</summary>
public sealed record ClusteringOptions
{
    /// <summary>The method. Default DBSCAN.</summary>
    public ClusteringMethod Method { get; init; } = ClusteringMethod.Dbscan;

    /// <summary>
    /// DBSCAN's largest distance of neighbours, above 0, inclusive; null chooses the knee of the k-distance curve. Default null; HDBSCAN
    /// has none.
    /// </summary>
    public double? Eps { get; init; }

    /// <summary>
    /// DBSCAN's points within eps, itself included, that make a core point; HDBSCAN's other point that the core distance reaches to; at
    /// least 1. Default 5.
    /// </summary>
    public int MinSamples { get; init; } = 5;

    /// <summary>HDBSCAN's smallest cluster, at least 2. Default 5; DBSCAN has none.</summary>
    public int MinClusterSize { get; init; } = 5;

    /// <summary>How HDBSCAN chooses clusters of its tree. Default excess of mass; DBSCAN has no choice.</summary>
    public ClusterSelection Selection { get; init; } = ClusterSelection.Eom;

    /// <summary>The distance. Default cosine.</summary>
    public DistanceMetric Metric { get; init; } = DistanceMetric.Cosine;

    /// <summary>Reports every fault of these options at once.</summary>
    /// <exception cref="ArgumentException">A value is out of range; the message lists all faults.</exception>
    public void Validate()
    {
        var faults = new OptionFaults();
        faults.OneOf(Method);
        if (Eps is double eps)
        {
            faults.Above(eps, 0, nameof(Eps));
            faults.Check(Method != ClusteringMethod.Hdbscan, nameof(Eps), eps, "must be null, HDBSCAN has no eps");
        }

        faults.AtLeast(MinSamples, 1);
        faults.AtLeast(MinClusterSize, 2);
        faults.OneOf(Selection);
        faults.OneOf(Metric);
        faults.ThrowIfAny();
    }

    /// <summary>These as <see cref="Clustering.Dbscan"/> takes them.</summary>
    public DbscanOptions ToDbscan() => new() { Eps = Eps, MinSamples = MinSamples, Metric = Metric };

    /// <summary>These as <see cref="Clustering.Hdbscan"/> takes them.</summary>
    public HdbscanOptions ToHdbscan() =>
        new() { MinClusterSize = MinClusterSize, MinSamples = MinSamples, Selection = Selection, Metric = Metric };

    /// <summary>Clusters points by the method.</summary>
    /// <param name="values">[N, dimension] row-major; all finite.</param>
    /// <param name="rowCount">N.</param>
    /// <param name="dimension">Values of one point, above 0.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="ArgumentException">An option is out of range, sizes do not fit, or a value is not finite.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public ClusterAssignment Fit(float[] values, int rowCount, int dimension, CancellationToken cancellationToken = default)
    {
        Validate();
        return Method == ClusteringMethod.Hdbscan
            ? ClusterAssignment.From(new Hdbscan(ToHdbscan()).Fit(values, rowCount, dimension, cancellationToken: cancellationToken))
            : ClusterAssignment.From(new Dbscan(ToDbscan()).Fit(values, rowCount, dimension, cancellationToken: cancellationToken));
    }
}

/// <summary>How embeddings are clustered.</summary>
public enum ClusteringMethod
{
    /// <summary>DBSCAN: one density for all clusters, by eps; see <see cref="Clustering.Dbscan"/>.</summary>
    Dbscan,

    /// <summary>HDBSCAN: clusters of any density, by their smallest size; see <see cref="Clustering.Hdbscan"/>.</summary>
    Hdbscan,
}
