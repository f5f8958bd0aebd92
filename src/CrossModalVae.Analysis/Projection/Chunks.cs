namespace CrossModalVae.Projection;

/// <summary>
/// Runs over items in chunks whose bounds depend on the number of items only, so that sums kept by chunk and added in order do not depend
/// on the number of threads.
/// </summary>
internal sealed class Chunks(int? threadCount, CancellationToken cancellationToken)
{
    private readonly ParallelOptions _options = new()
    {
        MaxDegreeOfParallelism = threadCount ?? Environment.ProcessorCount,
        CancellationToken = cancellationToken,
    };

    public int ThreadCount => _options.MaxDegreeOfParallelism;

    public CancellationToken CancellationToken => cancellationToken;

    public static int Count(int itemCount, int chunkSize) => (itemCount + chunkSize - 1) / chunkSize;

    /// <summary>Runs body(chunk, first item, end).</summary>
    public void Run(int itemCount, int chunkSize, Action<int, int, int> body) =>
        Each(Count(itemCount, chunkSize), chunk => body(chunk, chunk * chunkSize, Math.Min(itemCount, (chunk + 1) * chunkSize)));

    public void Each(int count, Action<int> body)
    {
        if (ThreadCount > 1 && count > 1)
        {
            Parallel.For(0, count, _options, body);
            return;
        }

        cancellationToken.ThrowIfCancellationRequested();
        for (int i = 0; i < count; i++)
        {
            body(i);
        }
    }
}
