namespace CrossModalVae.Numerics.Tests;

public class ParallelLoopTests
{
    [Theory]
    [InlineData(0, 3)]
    [InlineData(1, 2)]
    [InlineData(1000, 1)]
    [InlineData(1000, 5)]
    public void For_AnyWorkers_VisitsEveryIndexOnceAndMergesEveryState(int count, int workers)
    {
        var visits = new int[count];
        int states = 0, merged = 0, visited = 0;

        ParallelLoop.For(
            count,
            () =>
            {
                Interlocked.Increment(ref states);
                return new int[1];
            },
            (i, state) =>
            {
                visits[i]++;
                state[0]++;
            },
            workerCount: workers,
            merge: state =>
            {
                merged++;
                visited += state[0];
            });

        Assert.All(visits, visit => Assert.Equal(1, visit));
        Assert.Equal(states, merged);
        Assert.Equal(count, visited);
        Assert.InRange(states, Math.Min(1, count), workers);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void For_SeveralFailures_ThrowsTheLowestWithItsTraceAndMergesNothing(int workers)
    {
        bool isMerged = false;

        for (int repeat = 0; repeat < 20; repeat++)
        {
            var e = Assert.Throws<InvalidDataException>(() => ParallelLoop.For(
                1000, () => 0, (i, _) => FailFrom20(i), workerCount: workers, merge: _ => isMerged = true));

            Assert.Equal("20", e.Message);
            Assert.Contains(nameof(FailFrom20), e.StackTrace, StringComparison.Ordinal);
        }

        Assert.False(isMerged);
    }

    [Fact]
    public void For_Cancelled_StopsSoon()
    {
        using var stop = new CancellationTokenSource();
        int computed = 0;

        Assert.Throws<OperationCanceledException>(() => ParallelLoop.For(
            100_000, _ => StopAt50(ref computed, stop), workerCount: 2, cancellationToken: stop.Token));

        Assert.True(computed < 100);
    }

    [Fact]
    public void ForBlocks_ItemsThatDoNotFillTheLastBlock_CoversThemAll()
    {
        var bounds = new (int First, int End)[3];

        ParallelLoop.ForBlocks(10, 4, (block, first, end) => bounds[block] = (first, end));

        Assert.Equal([(0, 4), (4, 8), (8, 10)], bounds);
    }

    [Theory]
    [InlineData(0, 3, 4)]
    [InlineData(1, 1, 1)]
    [InlineData(500, 1, 1)]
    [InlineData(500, 4, 1)]
    [InlineData(500, 4, 7)]
    [InlineData(3, 9, 100)]
    public void ForOrdered_AnyWorkersAndLookAhead_ConsumesEveryResultOnceInOrder(int count, int workers, int lookAhead)
    {
        var consumed = new List<int>();

        ParallelLoop.ForOrdered(count, lookAhead, Slow, (i, result) => consumed.Add(result == i ? i : -1), workerCount: workers);

        Assert.Equal(Enumerable.Range(0, count), consumed);
    }

    [Fact]
    public void ForOrdered_OneSlowResult_OthersWaitWithinTheLookAhead()
    {
        const int LookAhead = 8;
        int furthest = 0;

        ParallelLoop.ForOrdered(
            100,
            LookAhead,
            i =>
            {
                InterlockedMax(ref furthest, i);
                if (i == 0)
                {
                    SpinWait.SpinUntil(() => Volatile.Read(ref furthest) == LookAhead - 1, TimeSpan.FromSeconds(30));
                    Assert.Equal(LookAhead - 1, Volatile.Read(ref furthest));
                }

                return "";
            },
            (_, _) => { },
            workerCount: 3);

        Assert.Equal(99, furthest);
    }

    [Fact]
    public void ForOrdered_ComputeFails_IsThrownAndEndsTheWork()
    {
        var consumed = new List<int>();

        var e = Assert.Throws<InvalidDataException>(() => ParallelLoop.ForOrdered(
            1000, 16, i => i == 20 ? throw new InvalidDataException("20") : "", (i, _) => consumed.Add(i), workerCount: 4));

        Assert.Equal("20", e.Message);
        Assert.True(consumed.Count <= 20);
        Assert.Equal(Enumerable.Range(0, consumed.Count), consumed);
    }

    [Fact]
    public void ForOrdered_ConsumeFails_IsThrownAndNothingMoreIsConsumed()
    {
        var consumed = new List<int>();

        var e = Assert.Throws<InvalidDataException>(() => ParallelLoop.ForOrdered(
            1000,
            16,
            i => i,
            (i, _) =>
            {
                consumed.Add(i);
                if (i == 20)
                {
                    throw new InvalidDataException("20");
                }
            },
            workerCount: 4));

        Assert.Equal("20", e.Message);
        Assert.Equal(Enumerable.Range(0, 21), consumed);
    }

    [Fact]
    public void ForOrdered_Cancelled_StopsSoon()
    {
        using var stop = new CancellationTokenSource();
        int computed = 0;

        Assert.Throws<OperationCanceledException>(() => ParallelLoop.ForOrdered(
            100_000,
            16,
            _ =>
            {
                StopAt50(ref computed, stop);
                return "";
            },
            (_, _) => { },
            workerCount: 2,
            cancellationToken: stop.Token));

        Assert.True(computed < 100);
    }

    private static void FailFrom20(int i)
    {
        if (i >= 20)
        {
            throw new InvalidDataException($"{i}");
        }
    }

    private static void StopAt50(ref int computed, CancellationTokenSource stop)
    {
        if (Interlocked.Increment(ref computed) == 50)
        {
            stop.Cancel();
        }
    }

    // Later results tend to be ready first.
    private static int Slow(int i)
    {
        Thread.SpinWait(i % 7 == 0 ? 5000 : 1);
        return i;
    }

    private static void InterlockedMax(ref int place, int value)
    {
        int seen = Volatile.Read(ref place);
        while (seen < value && Interlocked.CompareExchange(ref place, value, seen) is var now && now != seen)
        {
            seen = now;
        }
    }
}
