namespace CrossModalVae.Numerics.Tests;

public class WorkQueueTests
{
    private const int Pieces = 2000;

    [Fact]
    public void FinishOldest_ManyPiecesAndWorkers_RunsEachOnceAndFinishesInOrder()
    {
        var runs = new int[Pieces];
        using var queue = new WorkQueue(3);
        for (int added = 0, finished = 0; finished < Pieces; finished++)
        {
            while (added < Pieces && queue.Count < 5)
            {
                int piece = added++;
                queue.Add(() => Interlocked.Increment(ref runs[piece]));
            }

            queue.FinishOldest();
            Assert.Equal(1, Volatile.Read(ref runs[finished]));
        }

        Assert.All(runs, count => Assert.Equal(1, count));
        Assert.Equal(0, queue.Count);
    }

    [Fact]
    public void FinishOldest_ReaderIsBusy_AWorkerRunsTheNextPieceMeanwhile()
    {
        using var helped = new ManualResetEventSlim();
        using var queue = new WorkQueue(1);
        // Whoever runs the first piece needs somebody else for the second: without a worker this would never end.
        queue.Add(() => Assert.True(helped.Wait(TimeSpan.FromMinutes(1))), offer: false);
        queue.Add(helped.Set);

        queue.FinishOldest();
        queue.FinishOldest();

        Assert.Equal(0, queue.Count);
    }

    [Fact]
    public void FinishOldest_NoWorkers_TheReaderDoesTheWork()
    {
        int threads = 0;
        int reader = Environment.CurrentManagedThreadId;
        using var queue = new WorkQueue(0);
        queue.Add(() => threads += Environment.CurrentManagedThreadId == reader ? 1 : 0);
        queue.Add(() => threads += Environment.CurrentManagedThreadId == reader ? 1 : 0);

        queue.FinishOldest();
        queue.FinishOldest();

        Assert.Equal(2, threads);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void FinishOldest_APieceFails_ItsErrorComesInItsTurnAndTheRestGoesOn(int workers)
    {
        using var queue = new WorkQueue(workers);
        int done = 0;
        queue.Add(() => done++);
        queue.Add(() => throw new InvalidDataException("Row 7 is torn."));
        queue.Add(() => Volatile.Write(ref done, 2));

        queue.FinishOldest();
        Assert.Equal("Row 7 is torn.", Assert.Throws<InvalidDataException>(queue.FinishOldest).Message);
        queue.FinishOldest();

        Assert.Equal(2, done);
    }

    [Fact]
    public void Dispose_PiecesWaiting_NoneIsBegunAfterIt()
    {
        int begun = 0;
        var queue = new WorkQueue(2);
        for (int piece = 0; piece < Pieces; piece++)
        {
            queue.Add(() => Interlocked.Increment(ref begun));
        }

        queue.Dispose();
        int begunBefore = Volatile.Read(ref begun);

        // Pool threads may still dequeue the dropped pieces; a new piece comes after them.
        queue.Add(() => { });
        queue.FinishOldest();
        Assert.Equal(begunBefore, Volatile.Read(ref begun));
        Assert.Equal(0, queue.Count);
    }
}
