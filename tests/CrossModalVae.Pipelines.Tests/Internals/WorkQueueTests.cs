using CrossModalVae.Pipelines.Internals;

namespace CrossModalVae.Pipelines.Tests.Internals;

public class WorkQueueTests
{
    private const int Pieces = 2000;

    [Fact]
    public void FinishOldest_ManyPiecesAndHelpers_RunsEachOnceAndFinishesInOrder()
    {
        var runs = new int[Pieces];
        using var queue = new WorkQueue(new WorkHelpers(3));
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
    public void FinishOldest_ReaderIsBusy_AHelperDoesTheNextPieceMeanwhile()
    {
        using var helped = new ManualResetEventSlim();
        using var queue = new WorkQueue(new WorkHelpers(1));
        // Whoever runs the first piece needs somebody else for the second: without a helper this would never end.
        queue.Add(() => Assert.True(helped.Wait(TimeSpan.FromMinutes(1))), offer: false);
        queue.Add(helped.Set);

        queue.FinishOldest();
        queue.FinishOldest();

        Assert.Equal(0, queue.Count);
    }

    [Fact]
    public void FinishOldest_NoHelpers_TheReaderDoesTheWork()
    {
        int threads = 0;
        int reader = Environment.CurrentManagedThreadId;
        using var queue = new WorkQueue(helpers: null);
        queue.Add(() => threads += Environment.CurrentManagedThreadId == reader ? 1 : 0);
        queue.Add(() => threads += Environment.CurrentManagedThreadId == reader ? 1 : 0);

        queue.FinishOldest();
        queue.FinishOldest();

        Assert.Equal(2, threads);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void FinishOldest_APieceFails_ItsErrorComesInItsTurnAndTheRestGoesOn(int helpers)
    {
        using var queue = new WorkQueue(new WorkHelpers(helpers));
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
        var helpers = new WorkHelpers(2);
        var queue = new WorkQueue(helpers);
        for (int piece = 0; piece < Pieces; piece++)
        {
            queue.Add(() => Interlocked.Increment(ref begun));
        }

        queue.Dispose();
        int begunBefore = Volatile.Read(ref begun);

        // Helpers still find the dropped pieces in their queue; a piece of another reader comes after them.
        using var other = new WorkQueue(helpers);
        other.Add(() => { });
        other.FinishOldest();
        Assert.Equal(begunBefore, Volatile.Read(ref begun));
        Assert.Equal(0, queue.Count);
    }
}
