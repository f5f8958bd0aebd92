using System.Collections.Concurrent;
using System.Diagnostics;

namespace CrossModalVae.Pipelines.Internals;

/// <summary>
/// The work items of one reader, finished in the order they were added: by workers, and by the reader's own thread where it would wait
/// otherwise, so that no more threads run than there are cores. Used by one thread; without workers the reader does all of them.
/// </summary>
internal sealed class WorkQueue(WorkerPool? workers) : IDisposable
{
    private readonly Queue<WorkItem> _items = new();

    /// <summary>Items added and not finished.</summary>
    public int Count => _items.Count;

    /// <summary>Adds an item, which may run on any thread; a worker takes it only where it is offered.</summary>
    public void Add(Action work, bool offer = true)
    {
        var item = new WorkItem(work);
        _items.Enqueue(item);
        if (offer)
        {
            workers?.Offer(item);
        }
    }

    /// <summary>Runs waiting items until the oldest is done, and removes it; throws what it threw.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public void FinishOldest()
    {
        WorkItem oldest = _items.Peek();
        foreach (WorkItem item in _items)
        {
            if (oldest.IsDone)
            {
                break;
            }

            item.TryRun();
        }

        // Whether it throws or not, the item is done once it is removed.
        try
        {
            oldest.Wait();
        }
        finally
        {
            _items.Dequeue();
        }
    }

    /// <summary>Drops items that have not started and waits for those that have; their errors are not reported.</summary>
    public void Dispose()
    {
        foreach (WorkItem item in _items)
        {
            item.Drop();
        }

        _items.Clear();
    }
}

/// <summary>Work that exactly one thread runs: the first that claims it.</summary>
internal sealed class WorkItem(Action work)
{
    private static readonly TimeSpan LongestSpin = TimeSpan.FromMilliseconds(2);

    private readonly TaskCompletionSource _end = new();
    private int _claimed;

    /// <summary>Whether it has ended, with or without an error.</summary>
    public bool IsDone => _end.Task.IsCompleted;

    /// <summary>Runs the work on this thread, unless another has started it; <see cref="Wait"/> rethrows its error.</summary>
    public void TryRun()
    {
        if (!TryClaim())
        {
            return;
        }

        try
        {
            work();
            _end.SetResult();
        }
        catch (Exception e)
        {
            // Any exception belongs to the thread that waits for the item, which may be another.
            _end.SetException(e);
        }
    }

    /// <summary>Waits for the end; throws what the work threw.</summary>
    public void Wait()
    {
        Spin(() => IsDone);
        _end.Task.GetAwaiter().GetResult();
    }

    /// <summary>Keeps other threads from starting it, and waits for one that has; its error is not reported.</summary>
    public void Drop()
    {
        if (!TryClaim())
        {
            _end.Task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing).GetAwaiter().GetResult();
        }
    }

    /// <summary>
    /// Spins until the condition holds, at most 2 ms, yielding to other threads. To wake a sleeping thread may take the scheduler several
    /// milliseconds, longer than what it waits for takes.
    /// </summary>
    internal static void Spin(Func<bool> condition)
    {
        long start = Stopwatch.GetTimestamp();
        var spinner = default(SpinWait);
        while (!condition() && Stopwatch.GetElapsedTime(start) < LongestSpin)
        {
            spinner.SpinOnce(sleep1Threshold: -1);
        }
    }

    private bool TryClaim() => Interlocked.Exchange(ref _claimed, 1) == 0;
}

/// <summary>
/// Threads of the pool, at most so many at a time, that run items for the threads that wait for them. A worker without items spins for a
/// moment before it ends (<see cref="WorkItem.Spin"/>).
/// </summary>
internal sealed class WorkerPool(int most)
{
    private readonly ConcurrentQueue<WorkItem> _waiting = new();
    private int _running;
    private int _idle;
    private volatile bool _stopped;

    /// <summary>Offers an item to the first free worker. There may be none: the item's owner runs it then.</summary>
    public void Offer(WorkItem item)
    {
        if (most == 0 || _stopped)
        {
            return;
        }

        _waiting.Enqueue(item);
        if (_waiting.Count <= Volatile.Read(ref _idle))
        {
            return;
        }

        if (Interlocked.Increment(ref _running) <= most)
        {
            Task.Run(Work);
        }
        else
        {
            Interlocked.Decrement(ref _running);
        }
    }

    /// <summary>Stops the workers after their current items.</summary>
    public void Stop()
    {
        _stopped = true;
        _waiting.Clear();
    }

    private void Work()
    {
        while (!_stopped && TryTake(out WorkItem? item))
        {
            item!.TryRun();
        }

        Interlocked.Decrement(ref _running);
    }

    private bool TryTake(out WorkItem? item)
    {
        if (_waiting.TryDequeue(out item))
        {
            return true;
        }

        bool found = false;
        Interlocked.Increment(ref _idle);
        WorkItem? taken = null;
        WorkItem.Spin(() => _stopped || (found = _waiting.TryDequeue(out taken)));
        item = taken;
        Interlocked.Decrement(ref _idle);
        return found;
    }
}
