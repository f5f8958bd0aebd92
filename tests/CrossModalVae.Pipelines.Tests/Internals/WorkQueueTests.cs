using CrossModalVae.Pipelines.Internals;

namespace CrossModalVae.Pipelines.Tests.Internals;

public class WorkQueueTests
{
    private const int Pieces = 2000;

    [Fact]
    public void FinishOldest_ManyPiecesAndWorkers_RunsEachOnceAndFinishesInOrder()
    {
        var runs = new int[Pieces];
        using var queue = new WorkQueue(new WorkerPool(3));
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
    public void FinishOldest_ReaderIsBusy_AWorkerDoesTheNextPieceMeanwhile()
    {
        using var helped = new ManualResetEventSlim();
        using var queue = new WorkQueue(new WorkerPool(1));
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
        using var queue = new WorkQueue(workers: null);
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
        using var queue = new WorkQueue(new WorkerPool(workers));
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
        var workers = new WorkerPool(2);
        var queue = new WorkQueue(workers);
        for (int piece = 0; piece < Pieces; piece++)
        {
            queue.Add(() => Interlocked.Increment(ref begun));
        }

        queue.Dispose();
        int begunBefore = Volatile.Read(ref begun);

        // Workers still find the dropped pieces in their queue; a piece of another reader comes after them.
        using var other = new WorkQueue(workers);
        other.Add(() => { });
        other.FinishOldest();
        Assert.Equal(begunBefore, Volatile.Read(ref begun));
        Assert.Equal(0, queue.Count);
    }
}
