namespace CrossModalVae.Numerics.Tests;

public class InOrderTests
{
    [Theory]
    [InlineData(0, 3, 4)]
    [InlineData(1, 1, 1)]
    [InlineData(500, 1, 1)]
    [InlineData(500, 4, 1)]
    [InlineData(500, 4, 7)]
    [InlineData(3, 9, 100)]
    public void Run_AnyThreadsAndWindow_TakesEveryResultOnceInOrder(int count, int jobs, int window)
    {
        var taken = new List<int>();

        InOrder.Run(count, jobs, window, i => new[] { Slow(i) }, (i, result) => taken.Add(result[0] == i ? i : -1), default);

        Assert.Equal(Enumerable.Range(0, count), taken);
    }

    [Fact]
    public void Run_OneSlowResult_OthersWaitWithinTheWindow()
    {
        const int Window = 8;
        int furthest = 0;
        using var first = new ManualResetEventSlim();

        InOrder.Run(
            100,
            3,
            Window,
            i =>
            {
                InterlockedMax(ref furthest, i);
                if (i == 0)
                {
                    SpinWait.SpinUntil(() => Volatile.Read(ref furthest) == Window - 1, TimeSpan.FromSeconds(30));
                    Assert.Equal(Window - 1, Volatile.Read(ref furthest));
                }

                return "";
            },
            (_, _) => { },
            default);

        Assert.Equal(99, furthest);
    }

    [Fact]
    public void Run_Failure_IsThrownAndEndsTheWork()
    {
        var taken = new List<int>();

        var e = Assert.Throws<InvalidDataException>(() => InOrder.Run(
            1000, 4, 16, i => i == 20 ? throw new InvalidDataException("20") : "", (i, _) => taken.Add(i), default));

        Assert.Equal("20", e.Message);
        Assert.True(taken.Count <= 20);
        Assert.Equal(Enumerable.Range(0, taken.Count), taken);
    }

    [Fact]
    public void Run_Cancelled_StopsSoon()
    {
        using var stop = new CancellationTokenSource();
        int computed = 0;

        Assert.Throws<OperationCanceledException>(() => InOrder.Run(
            100_000,
            2,
            16,
            i =>
            {
                if (Interlocked.Increment(ref computed) == 50)
                {
                    stop.Cancel();
                }

                return "";
            },
            (_, _) => { },
            stop.Token));

        Assert.True(computed < 100);
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
