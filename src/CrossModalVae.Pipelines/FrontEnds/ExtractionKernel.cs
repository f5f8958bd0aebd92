namespace CrossModalVae.Pipelines.FrontEnds;

/// <summary>How many rows a front end works on at once.</summary>
internal static class ExtractionBlock
{
    private const long LargestBytes = 64L << 20;
    private const int RowsPerCore = 8;

    /// <summary>What messages call a row's value where it has no path: by its place in the input, from 0, as ML.NET counts.</summary>
    public static string RowName(string column, DataViewRow input) =>
        string.Create(CultureInfo.InvariantCulture, $"Column '{column}', row {input.Position}");

    /// <summary>
    /// Enough rows that cores seldom wait for the slowest, few enough that their features stay within 64 MiB, at least one.
    /// </summary>
    public static int Size(int featureCount)
    {
        long fitting = Math.Max(1, LargestBytes / ((long)featureCount * sizeof(float)));
        return (int)Math.Min(fitting, (long)Environment.ProcessorCount * RowsPerCore);
    }
}

/// <summary>Writes the features of one row.</summary>
internal delegate void Extraction(Span<float> features);

/// <summary>
/// Runs a front end, the slow part of a pipeline, over a block of rows on all cores; results are in row order. Reading gives null for a
/// missing row, else what extracts it, which runs on any thread.
/// </summary>
internal sealed class ExtractionKernel(int capacity, int featureCount, Func<Extraction?> read) : BlockKernel
{
    private readonly Extraction?[] _rows = new Extraction?[capacity];
    private readonly VectorColumn<float> _features = new(capacity, featureCount);

    public override void Read(int slot) => _rows[slot] = read();

    public override void Compute(int first, int count) => ParallelLoop.For(count, i => Extract(first + i));

    public override BlockColumn Output(int index) => _features;

    private void Extract(int slot)
    {
        if (_rows[slot] is Extraction extract)
        {
            extract(_features.Row(slot));
            _rows[slot] = null; // with the row's bytes
        }
        else
        {
            _features.Row(slot).Fill(float.NaN);
        }
    }
}
