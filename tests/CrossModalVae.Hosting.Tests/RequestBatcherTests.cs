using System.Collections.Concurrent;

namespace CrossModalVae.Hosting.Tests;

/// <summary>When a run starts. Runs are held by the tests, so that nothing depends on how fast the machine is.</summary>
public sealed class RequestBatcherTests
{
    private const double Never = 3_600_000; // a delay that no test waits for

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task ScoreAsync_NoRunInProgress_RunsAtOnceWhateverTheDelay()
    {
        var runs = new Runs();
        await using RequestBatcher batcher = runs.Batcher(workerCount: 2, maxBatchSize: 8, delay: Never);

        for (int i = 0; i < 3; i++)
        {
            Task<ClipPosterior> alone = batcher.ScoreAsync([i], CancellationToken.None);
            Runs.Release(await runs.StartedAsync());

            Assert.Equal(i, (await alone.WaitAsync(Patience)).Mean[0]);
        }

        Assert.Equal([1, 1, 1], runs.Sizes);
    }

    [Fact]
    public async Task ScoreAsync_WhileARunIsInProgress_GathersUntilItEnds()
    {
        var runs = new Runs();
        await using RequestBatcher batcher = runs.Batcher(workerCount: 2, maxBatchSize: 8, delay: Never);
        Task<ClipPosterior> first = batcher.ScoreAsync([0], CancellationToken.None);
        Run held = await runs.StartedAsync();
        Task<ClipPosterior>[] others = [.. Enumerable.Range(1, 5).Select(i => batcher.ScoreAsync([i], CancellationToken.None))];
        Assert.False(runs.HasStarted); // the second worker is free, and waits

        Runs.Release(held);
        Runs.Release(await runs.StartedAsync());

        Assert.Equal(0, (await first.WaitAsync(Patience)).Mean[0]);
        Assert.Equal([1f, 2, 3, 4, 5], (await Task.WhenAll(others).WaitAsync(Patience)).Select(posterior => posterior.Mean[0]));
        Assert.Equal([1, 5], runs.Sizes);
    }

    [Fact]
    public async Task ScoreAsync_FullRun_StartsBesideTheOneInProgress()
    {
        var runs = new Runs();
        await using RequestBatcher batcher = runs.Batcher(workerCount: 2, maxBatchSize: 3, delay: Never);
        Task<ClipPosterior> first = batcher.ScoreAsync([0], CancellationToken.None);
        Run held = await runs.StartedAsync();

        Task<ClipPosterior>[] three = [.. Enumerable.Range(1, 3).Select(i => batcher.ScoreAsync([i], CancellationToken.None))];
        Runs.Release(await runs.StartedAsync());

        await Task.WhenAll(three).WaitAsync(Patience);
        Assert.False(first.IsCompleted);
        Runs.Release(held);
        await first.WaitAsync(Patience);
        Assert.Equal([1, 3], runs.Sizes);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task ScoreAsync_DelayPassed_StartsBesideTheOneInProgress(double delay)
    {
        var runs = new Runs();
        await using RequestBatcher batcher = runs.Batcher(workerCount: 2, maxBatchSize: 3, delay);
        Task<ClipPosterior> first = batcher.ScoreAsync([0], CancellationToken.None);
        Run held = await runs.StartedAsync();

        Task<ClipPosterior> second = batcher.ScoreAsync([1], CancellationToken.None);
        Runs.Release(await runs.StartedAsync());

        Assert.Equal(1, (await second.WaitAsync(Patience)).Mean[0]);
        Assert.False(first.IsCompleted);
        Runs.Release(held);
        await first.WaitAsync(Patience);
    }

    [Fact]
    public async Task ScoreAsync_AllWorkersBusy_GathersWithoutADelay()
    {
        var runs = new Runs();
        await using RequestBatcher batcher = runs.Batcher(workerCount: 1, maxBatchSize: 4, delay: 0);
        Task<ClipPosterior> first = batcher.ScoreAsync([0], CancellationToken.None);
        Run held = await runs.StartedAsync();
        Task<ClipPosterior>[] others = [.. Enumerable.Range(1, 6).Select(i => batcher.ScoreAsync([i], CancellationToken.None))];

        Runs.Release(held);
        Runs.Release(await runs.StartedAsync());
        Runs.Release(await runs.StartedAsync());

        await Task.WhenAll([first, .. others]).WaitAsync(Patience);
        Assert.Equal([1, 4, 2], runs.Sizes);
    }

    [Fact]
    public async Task ScoreAsync_CallerThatLeavesWhileRowsGather_IsNotScored()
    {
        var runs = new Runs();
        await using RequestBatcher batcher = runs.Batcher(workerCount: 2, maxBatchSize: 8, delay: Never);
        Task<ClipPosterior> first = batcher.ScoreAsync([0], CancellationToken.None);
        Run held = await runs.StartedAsync();
        using var leaving = new CancellationTokenSource();
        Task<ClipPosterior> left = batcher.ScoreAsync([1], leaving.Token);
        Task<ClipPosterior> stays = batcher.ScoreAsync([2], CancellationToken.None);

        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);
        Runs.Release(held);
        Runs.Release(await runs.StartedAsync());

        Assert.Equal(2, (await stays.WaitAsync(Patience)).Mean[0]);
        await first.WaitAsync(Patience);
        Assert.Equal([1, 1], runs.Sizes);
    }

    [Fact]
    public async Task ScoreAsync_RunThatFails_FailsItsCallersAndNoOthers()
    {
        var runs = new Runs();
        await using RequestBatcher batcher = runs.Batcher(workerCount: 1, maxBatchSize: 8, delay: Never);
        Task<ClipPosterior> fails = batcher.ScoreAsync([0], CancellationToken.None);
        Runs.Release(await runs.StartedAsync(), new InvalidDataException("no such graph"));
        Assert.Equal("no such graph", (await Assert.ThrowsAsync<InvalidDataException>(() => fails.WaitAsync(Patience))).Message);

        Task<ClipPosterior> next = batcher.ScoreAsync([1], CancellationToken.None); // at once: the one that failed is over
        Runs.Release(await runs.StartedAsync());

        Assert.Equal(1, (await next.WaitAsync(Patience)).Mean[0]);
    }

    [Fact]
    public async Task DisposeAsync_WhileRowsGather_ScoresThemFirst()
    {
        var runs = new Runs();
        RequestBatcher batcher = runs.Batcher(workerCount: 2, maxBatchSize: 8, delay: Never);
        Task<ClipPosterior> first = batcher.ScoreAsync([0], CancellationToken.None);
        Run held = await runs.StartedAsync();
        Task<ClipPosterior> second = batcher.ScoreAsync([1], CancellationToken.None);

        Task ended = batcher.DisposeAsync().AsTask();
        Runs.Release(await runs.StartedAsync()); // no more will come: nothing to wait for

        await second.WaitAsync(Patience);
        Assert.False(ended.IsCompleted);
        Runs.Release(held);
        await first.WaitAsync(Patience);
        await ended.WaitAsync(Patience);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => batcher.ScoreAsync([2], CancellationToken.None));
    }

    /// <summary>A run that waits for the test.</summary>
    private sealed record Run(float[] Rows, TaskCompletionSource<Exception?> End);

    /// <summary>Rows of one number, which is their mean; every run waits until it is released.</summary>
    private sealed class Runs
    {
        private readonly ConcurrentQueue<int> _sizes = [];
        private readonly BlockingCollection<Run> _started = [];

        public int[] Sizes => [.. _sizes];

        public bool HasStarted => _started.Count > 0;

        public RequestBatcher Batcher(int workerCount, int maxBatchSize, double delay) => new(
            Score, rowLength: 1, new CrossModalVaeOptions { MaxBatchSize = maxBatchSize, MaxDelayMilliseconds = delay }, workerCount, []);

        public Task<Run> StartedAsync() => Task.Run(() =>
        {
            Assert.True(_started.TryTake(out Run? run, Patience), "no run has started");
            return run;
        });

        public static void Release(Run run, Exception? fault = null) => run.End.SetResult(fault);

        private PosteriorRows Score(float[] features, int count)
        {
            var run = new Run(features[..count], new TaskCompletionSource<Exception?>(TaskCreationOptions.RunContinuationsAsynchronously));
            _sizes.Enqueue(count);
            _started.Add(run);
            return run.End.Task.GetAwaiter().GetResult() is Exception fault
                ? throw fault
                : new PosteriorRows([run.Rows, new float[count]], dimension: 1);
        }
    }
}
