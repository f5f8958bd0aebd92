namespace CrossModalVae.Pipelines.FrontEnds;

/// <summary>How many rows a front end works on at once.</summary>
internal static class ExtractionBlock
{
    private const long LargestBytes = 64L << 20;
    private const int RowsPerCore = 8;

    /// <summary>
    /// Enough rows that cores seldom wait for the slowest one, few enough that their features stay within 64 MiB, one row at least.
    /// </summary>
    public static int Size(int featureCount)
    {
        long fitting = Math.Max(1, LargestBytes / ((long)featureCount * sizeof(float)));
        return (int)Math.Min(fitting, (long)Environment.ProcessorCount * RowsPerCore);
    }
}
