namespace CrossModalVae.Clustering;

/// <summary>Options of <see cref="Hdbscan"/>.</summary>
public sealed record HdbscanOptions
{
    /// <summary>A smaller group is not a cluster but points that fall out of one; at least 2. Default 5.</summary>
    public int MinClusterSize { get; init; } = 5;

    /// <summary>
    /// A point's core distance is that to its so-many-th nearest other point (the point itself not counted, as in the reference
    /// implementation); at least 1; all others where there are fewer. More makes sparse points noise. Null is
    /// <see cref="MinClusterSize"/>. Default null.
    /// </summary>
    public int? MinSamples { get; init; }

    /// <summary>
    /// The distance. Default cosine, 1 - x.y / (|x| |y|) as <see cref="DbscanOptions.Metric"/> has it; a row of zeros
    /// has cosine distance 1 to every other row.
    /// </summary>
    public DistanceMetric Metric { get; init; } = DistanceMetric.Cosine;

    /// <summary>Which clusters of the tree are taken. Default excess of mass.</summary>
    public ClusterSelection Selection { get; init; } = ClusterSelection.Eom;

    /// <summary>Whether all points may be one cluster; else the tree's root is never taken. Default false.</summary>
    public bool AllowSingleCluster { get; init; }

    /// <summary>Clusters that part at a distance below this are taken as one (Malzer, Baum 2020); at least 0. Default 0, none.</summary>
    public double SelectionEpsilon { get; init; }

    /// <summary>Checks the options.</summary>
    /// <exception cref="ArgumentException">Names every fault.</exception>
    public void Validate()
    {
        var faults = new List<string>();
        if (MinClusterSize < 2)
        {
            faults.Add($"'MinClusterSize' is {MinClusterSize}; must be >= 2.");
        }

        if (MinSamples < 1)
        {
            faults.Add($"'MinSamples' is {MinSamples}; must be >= 1.");
        }

        if (!Enum.IsDefined(Metric))
        {
            faults.Add($"'Metric' is {Metric}; must be one of {string.Join(", ", Enum.GetNames<DistanceMetric>())}.");
        }

        if (!Enum.IsDefined(Selection))
        {
            faults.Add($"'Selection' is {Selection}; must be one of {string.Join(", ", Enum.GetNames<ClusterSelection>())}.");
        }

        if (!(SelectionEpsilon >= 0 && double.IsFinite(SelectionEpsilon)))
        {
            faults.Add(FormattableString.Invariant($"'SelectionEpsilon' is {SelectionEpsilon}; must be >= 0."));
        }

        OptionFaults.Throw(faults);
    }
}
