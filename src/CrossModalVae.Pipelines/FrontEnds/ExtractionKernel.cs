namespace CrossModalVae.Pipelines.FrontEnds;

/// <summary>How many rows a front end works on at once.</summary>
internal static class ExtractionBlock
{
    private const long LargestBytes = 64L << 20;
    private const int RowsPerCore = 8;

    /// <summary>
    /// Enough rows that cores seldom wait for the slowest, few enough that their features stay within 64 MiB, at least one.
    /// </summary>
    public static int Size(int featureCount)
    {
        long fitting = Math.Max(1, LargestBytes / ((long)featureCount * sizeof(float)));
        return (int)Math.Min(fitting, (long)Environment.ProcessorCount * RowsPerCore);
    }
}

/// <summary>
/// Runs a front end, the slow part of a pipeline, over a block of rows on all cores; results are in row order. Reading gives null for a
/// missing row; extracting runs on several threads.
/// </summary>
internal sealed class ExtractionKernel<TInput>(
    int capacity,
    int featureCount,
    Func<TInput?> read,
    ExtractionKernel<TInput>.Extraction extract) : BlockKernel
    where TInput : class
{
    private readonly TInput?[] _inputs = new TInput?[capacity];
    private readonly VectorColumn<float> _features = new(capacity, featureCount);

    public delegate void Extraction(TInput input, Span<float> features);

    public override void Read(int slot) => _inputs[slot] = read();

    public override void Compute(int first, int count) => ParallelLoop.For(count, i => Extract(first + i));

    public override BlockColumn Output(int index) => _features;

    private void Extract(int slot)
    {
        if (_inputs[slot] is TInput input)
        {
            extract(input, _features.Row(slot));
        }
        else
        {
            _features.Row(slot).Fill(float.NaN);
        }
    }
}
