namespace CrossModalVae.Metrics;

/// <summary>How well a clustering agrees with true classes. Pure functions of two label arrays; label values mean nothing but equality.</summary>
public static class ClusterAgreement
{
    /// <summary>
    /// Adjusted Rand index, 1 for equal partitions, 0 on average for random ones (Hubert, Arabie 1985). Two trivial equal partitions give 1,
    /// as in scikit-learn.
    /// </summary>
    /// <param name="classes">True class of each point.</param>
    /// <param name="clusters">Cluster of each point.</param>
    public static double AdjustedRandScore(ReadOnlySpan<int> classes, ReadOnlySpan<int> clusters)
    {
        Contingency table = Contingency.Count(classes, clusters);
        double pairs = Pairs(table.Total);
        double both = table.Cells.Values.Sum(Pairs);
        double inClasses = table.Rows.Values.Sum(Pairs);
        double inClusters = table.Columns.Values.Sum(Pairs);
        double expected = pairs == 0 ? 0 : inClasses * inClusters / pairs;
        double most = (inClasses + inClusters) / 2;
        return most == expected ? 1 : (both - expected) / (most - expected);
    }

    /// <summary>
    /// Normalised mutual information, 0 to 1: I(classes; clusters) over the arithmetic mean of both entropies (scikit-learn's default). Two
    /// trivial equal partitions give 1; one trivial partition gives 0.
    /// </summary>
    /// <param name="classes">True class of each point.</param>
    /// <param name="clusters">Cluster of each point.</param>
    public static double NormalisedMutualInformationScore(ReadOnlySpan<int> classes, ReadOnlySpan<int> clusters)
    {
        Contingency table = Contingency.Count(classes, clusters);
        if (table.Rows.Count == table.Columns.Count && table.Rows.Count <= 1)
        {
            return 1;
        }

        double n = table.Total;
        double information = 0;
        foreach (((int row, int column), long count) in table.Cells)
        {
            information += count / n * Math.Log(n * count / ((double)table.Rows[row] * table.Columns[column]));
        }

        double mean = (Entropy(table.Rows.Values, n) + Entropy(table.Columns.Values, n)) / 2;
        return mean <= 0 ? 0 : Math.Clamp(information / mean, 0, 1);
    }

    private static double Pairs(long count) => count * (count - 1.0) / 2;

    private static double Entropy(IEnumerable<long> counts, double total) => -counts.Sum(count => count / total * Math.Log(count / total));

    private sealed record Contingency(Dictionary<(int, int), long> Cells, Dictionary<int, long> Rows, Dictionary<int, long> Columns, long Total)
    {
        internal static Contingency Count(ReadOnlySpan<int> classes, ReadOnlySpan<int> clusters)
        {
            if (classes.Length != clusters.Length || classes.IsEmpty)
            {
                throw new ArgumentException(
                    $"'classes' has {classes.Length} labels and 'clusters' {clusters.Length}; must be equally many and at least one.", nameof(clusters));
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

        private static void Increment<T>(Dictionary<T, long> counts, T key)
            where T : notnull => counts[key] = counts.GetValueOrDefault(key) + 1;
    }
}
