namespace CrossModalVae.Clustering;

/// <summary>Options of <see cref="Hdbscan"/>.</summary>
public sealed record HdbscanOptions
{
    /// <summary>The smallest cluster; a smaller group falls out of its cluster as single points. At least 2. Default 5.</summary>
    public int MinClusterSize { get; init; } = 5;

    /// <summary>
    /// Which nearest other point defines a point's core distance (the point itself not counted, as in the reference implementation); at
    /// least 1; the last one where there are fewer. Higher values turn sparse points into noise. Null is <see cref="MinClusterSize"/>.
    /// Default null.
    /// </summary>
    public int? MinSamples { get; init; }

    /// <summary>
    /// The distance. Default cosine, 1 - x.y / (|x| |y|) as <see cref="DbscanOptions.Metric"/> has it; a row of zeros has cosine distance 1
    /// to every other row.
    /// </summary>
    public DistanceMetric Metric { get; init; } = DistanceMetric.Cosine;

    /// <summary>Which clusters of the tree are taken. Default excess of mass.</summary>
    public ClusterSelection Selection { get; init; } = ClusterSelection.Eom;

    /// <summary>Whether all points may be one cluster; else the tree's root is never taken. Default false.</summary>
    public bool AllowSingleCluster { get; init; }

    /// <summary>Clusters that split at a distance below this are merged (Malzer, Baum 2020); at least 0. Default 0, none.</summary>
    public double SelectionEpsilon { get; init; }

    /// <summary>Checks the options.</summary>
    /// <exception cref="ArgumentException">Names every fault.</exception>
    public void Validate()
    {
        var faults = new OptionFaults();
        faults.AtLeast(MinClusterSize, 2);
        faults.AtLeast(MinSamples ?? 1, 1, nameof(MinSamples));
        faults.OneOf(Metric);
        faults.OneOf(Selection);
        faults.AtLeast(SelectionEpsilon, 0.0);
        faults.ThrowIfAny();
    }
}

/// <summary>Which clusters of <see cref="Hdbscan"/>'s tree become the result.</summary>
public enum ClusterSelection
{
    /// <summary>The most stable ones, none inside another (excess of mass; Campello et al. 2015, section 5.1): few, of any size.</summary>
    Eom,

    /// <summary>
    /// The leaves: many small clusters of even density. A tree without leaves, a single cluster of all points, gives only noise, as in the
    /// reference implementation.
    /// </summary>
    Leaf,
}
