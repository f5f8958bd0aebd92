namespace CrossModalVae.Projection;

/// <summary>The number of workers and the cancellation that every loop of one t-SNE run shares.</summary>
internal sealed record LayoutLoops(int? WorkerCount, CancellationToken CancellationToken)
{
    public void For(int count, Action<int> body) => ParallelLoop.For(count, body, WorkerCount, CancellationToken);

    public void ForBlocks(int itemCount, int blockSize, Action<int, int, int> body) =>
        ParallelLoop.ForBlocks(itemCount, blockSize, body, WorkerCount, CancellationToken);
}
