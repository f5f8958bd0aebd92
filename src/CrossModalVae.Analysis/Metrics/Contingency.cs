namespace CrossModalVae.Metrics;

/// <summary>How many points two partitions have in common, cell by cell.</summary>
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
