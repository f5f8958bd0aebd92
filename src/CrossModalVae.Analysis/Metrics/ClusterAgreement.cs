namespace CrossModalVae.Metrics;

/// <summary>
/// Agreement of a clustering with true classes by scikit-learn's definitions; higher is better. Labels are compared for equality only.
/// </summary>
public sealed record ClusterAgreement
{
    /// <summary>
    /// Adjusted Rand index, 1 for equal partitions, 0 on average for random ones (Hubert, Arabie 1985). Two trivial equal partitions give
    /// 1.
    /// </summary>
    public required double AdjustedRandScore { get; init; }

    /// <summary>
    /// Adjusted mutual information: how far the mutual information is above what random partitions of the same sizes have on average, over
    /// the arithmetic mean of both entropies likewise; 1 for equal partitions, 0 on average for random ones (Vinh, Epps, Bailey 2010). Two
    /// trivial equal partitions give 1.
    /// </summary>
    public required double AdjustedMutualInformationScore { get; init; }

    /// <summary>
    /// Normalised mutual information, 0 to 1: I(classes; clusters) over the arithmetic mean of both entropies. Two trivial equal partitions
    /// give 1; one trivial partition gives 0. Grows with the number of clusters even where they are random.
    /// </summary>
    public required double NormalisedMutualInformationScore { get; init; }

    /// <summary>
    /// Homogeneity, 0 to 1: whether clusters have one class each, 1 - H(classes | clusters) / H(classes) (Rosenberg, Hirschberg 2007).
    /// </summary>
    public required double HomogeneityScore { get; init; }

    /// <summary>Completeness, 0 to 1: whether classes lie in one cluster each, 1 - H(clusters | classes) / H(clusters).</summary>
    public required double CompletenessScore { get; init; }

    /// <summary>V-measure: the harmonic mean of homogeneity and completeness.</summary>
    public required double VMeasureScore { get; init; }

    /// <summary>
    /// Purity, above 0 to 1: the share of points whose class is the most frequent one of their cluster. 1 where every point is a cluster.
    /// </summary>
    public required double PurityScore { get; init; }

    /// <summary>
    /// Compares two partitions of the same points. O(N), and for the expected mutual information at most O(N) for every two different sizes
    /// of a class and a cluster.
    /// </summary>
    /// <param name="classes">True class of each point; at least one.</param>
    /// <param name="clusters">Cluster of each point.</param>
    /// <exception cref="ArgumentException">There are no points, or not as many clusters as classes.</exception>
    public static ClusterAgreement Compute(ReadOnlySpan<int> classes, ReadOnlySpan<int> clusters)
    {
        Contingency table = Contingency.Count(classes, clusters);
        double information = MutualInformation(table), ofClasses = Entropy(table.Rows, table.Total),
            ofClusters = Entropy(table.Columns, table.Total);
        double homogeneity = ofClasses > 0 ? Math.Clamp(information / ofClasses, 0, 1) : 1;
        double completeness = ofClusters > 0 ? Math.Clamp(information / ofClusters, 0, 1) : 1;
        double mean = (ofClasses + ofClusters) / 2;
        bool isEqual = table.Cells.Count == table.Rows.Count && table.Cells.Count == table.Columns.Count; // also where both are trivial
        return new ClusterAgreement
        {
            AdjustedRandScore = AdjustedRand(table),
            AdjustedMutualInformationScore = isEqual ? 1 : AdjustedForChance(information, ExpectedInformation.Compute(table), mean),
            NormalisedMutualInformationScore = isEqual ? 1 : Math.Clamp(information / mean, 0, 1),
            HomogeneityScore = homogeneity,
            CompletenessScore = completeness,
            VMeasureScore = homogeneity + completeness > 0 ? 2 * homogeneity * completeness / (homogeneity + completeness) : 0,
            PurityScore =
                table.Cells.GroupBy(cell => cell.Key.Column).Sum(cluster => cluster.Max(cell => cell.Value)) / (double)table.Total,
        };
    }

    private static double AdjustedRand(Contingency table)
    {
        double pairs = Pairs(table.Total);
        double both = table.Cells.Values.Sum(Pairs);
        double inClasses = table.Rows.Values.Sum(Pairs);
        double inClusters = table.Columns.Values.Sum(Pairs);
        double expected = pairs == 0 ? 0 : inClasses * inClusters / pairs;
        double most = (inClasses + inClusters) / 2;
        return most == expected ? 1 : (both - expected) / (most - expected);
    }

    // Where the most and the expected are equal up to rounding, as for partitions into single points, scikit-learn
    // divides by the smallest step of a double.
    private static double AdjustedForChance(double information, double expected, double most)
    {
        const double Step = 2.220446049250313e-16;
        double room = most - expected;
        return (information - expected) / (room < 0 ? Math.Min(room, -Step) : Math.Max(room, Step));
    }

    private static double MutualInformation(Contingency table)
    {
        double n = table.Total, information = 0;
        foreach (((int row, int column), int count) in table.Cells)
        {
            information += count / n * Math.Log(n * count / ((double)table.Rows[row] * table.Columns[column]));
        }

        return Math.Max(0, information);
    }

    private static double Pairs(int count) => count * (count - 1.0) / 2;

    private static double Entropy(Dictionary<int, int> counts, double total) =>
        counts.Count == 1 ? 0 : -counts.Values.Sum(count => count / total * Math.Log(count / total));
}

/// <summary>The contingency table of two partitions.</summary>
internal sealed record Contingency(
    Dictionary<(int Row, int Column), int> Cells, Dictionary<int, int> Rows, Dictionary<int, int> Columns, int Total)
{
    public static Contingency Count(ReadOnlySpan<int> classes, ReadOnlySpan<int> clusters)
    {
        if (classes.Length != clusters.Length || classes.IsEmpty)
        {
            throw new ArgumentException(
                $"'classes' has {classes.Length} labels and 'clusters' {clusters.Length}; must be equally many and at least one.",
                nameof(clusters));
        }

        var table = new Contingency([], [], [], classes.Length);
        for (int i = 0; i < classes.Length; i++)
        {
            Increment(table.Cells, (classes[i], clusters[i]));
            Increment(table.Rows, classes[i]);
            Increment(table.Columns, clusters[i]);
        }

        return table;
    }

    private static void Increment<T>(Dictionary<T, int> counts, T key)
        where T : notnull => counts[key] = counts.GetValueOrDefault(key) + 1;
}
