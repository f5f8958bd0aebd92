using System.Runtime.ExceptionServices;

namespace CrossModalVae.Numerics;

/// <summary>
/// Loops on several threads, the caller's among them. Workers take indexes in ascending order, so results that a body writes by index do
/// not depend on the number of workers. After a failure no higher index is begun and all lower ones are finished; the failure with the
/// lowest index is rethrown with its stack trace, the same one in every run. Cancellation is checked before each index.
/// </summary>
internal static class ParallelLoop
{
    /// <summary>Runs body(index) for 0 to count - 1.</summary>
    public static void For(int count, Action<int> body, int? workerCount = null, CancellationToken cancellationToken = default) =>
        For(count, static () => 0, (index, _) => body(index), null, workerCount, cancellationToken);

    /// <summary>Runs body(index, state) for 0 to count - 1.</summary>
    /// <param name="count">How many indexes.</param>
    /// <param name="createState">Makes what one worker uses for all its indexes, such as buffers.</param>
    /// <param name="body">The work of one index.</param>
    /// <param name="merge">Receives each worker's state at its end, one at a time; not after a failure.</param>
    /// <param name="workerCount">Workers at most; null is the number of processors.</param>
    /// <param name="cancellationToken">Stops the loop.</param>
    public static void For<TState>(
        int count,
        Func<TState> createState,
        Action<int, TState> body,
        Action<TState>? merge = null,
        int? workerCount = null,
        CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        int next = -1, end = count; // end is lowered to the lowest index that failed
        Exception? failure = null;
        var gate = new Lock();
        int workers = Math.Min(workerCount ?? Environment.ProcessorCount, count);
        if (workers <= 1)
        {
            Work();
        }
        else
        {
            Parallel.For(0, workers, new ParallelOptions { MaxDegreeOfParallelism = workers }, _ => Work());
        }

        if (failure is not null)
        {
            cancellationToken.ThrowIfCancellationRequested();
            ExceptionDispatchInfo.Throw(failure);
        }

        void Work()
        {
            TState? state = default;
            bool hasState = false;
            for (int index = Interlocked.Increment(ref next); index < Volatile.Read(ref end); index = Interlocked.Increment(ref next))
            {
                try
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    state = hasState ? state : createState();
                    hasState = true;
                    body(index, state!);
                }
                catch (Exception e)
                {
                    // Whatever it is, it is rethrown on the caller's thread.
                    lock (gate)
                    {
                        (end, failure) = index < end ? (index, e) : (end, failure);
                    }
                }
            }

            if (hasState && merge is not null)
            {
                lock (gate)
                {
                    if (failure is null)
                    {
                        merge(state!);
                    }
                }
            }
        }
    }

    /// <summary>
    /// Runs body(block, first item, end) over blocks whose bounds depend on the number of items only: sums kept by block and added in order
    /// do not depend on the number of workers.
    /// </summary>
    public static void ForBlocks(
        int itemCount, int blockSize, Action<int, int, int> body, int? workerCount = null, CancellationToken cancellationToken = default) =>
        For(
            BlockCount(itemCount, blockSize),
            block => body(block, block * blockSize, Math.Min(itemCount, (block + 1) * blockSize)),
            workerCount,
            cancellationToken);

    /// <summary>The number of blocks that hold so many items.</summary>
    public static int BlockCount(int itemCount, int blockSize) => (itemCount + blockSize - 1) / blockSize;

    /// <summary>Computes results 0 to count - 1 on several threads and hands them over in order.</summary>
    /// <param name="count">How many results.</param>
    /// <param name="lookAhead">How far a result may be computed ahead of the first one not handed over, at least 1.</param>
    /// <param name="compute">Makes a result; called on any thread.</param>
    /// <param name="consume">Receives each result, in order and one at a time.</param>
    /// <param name="workerCount">Workers at most; null is the number of processors.</param>
    /// <param name="cancellationToken">Stops the loop.</param>
    public static void ForOrdered<T>(
        int count,
        int lookAhead,
        Func<int, T> compute,
        Action<int, T> consume,
        int? workerCount = null,
        CancellationToken cancellationToken = default)
    {
        var ready = new (bool IsReady, T Result)[lookAhead]; // result i waits in place i % lookAhead
        object gate = new();
        int consumed = 0;
        bool isStopped = false;
        For(count, Compute, workerCount, CancellationToken.None); // a worker that stops has to wake the waiting ones first

        void Compute(int index)
        {
            try
            {
                lock (gate)
                {
                    while (!isStopped && index - consumed >= lookAhead)
                    {
                        Monitor.Wait(gate);
                    }
                }

                cancellationToken.ThrowIfCancellationRequested();
                T result = compute(index);
                lock (gate)
                {
                    ready[index % lookAhead] = (true, result);
                    while (!isStopped && ready[consumed % lookAhead] is (true, var oldest))
                    {
                        ready[consumed % lookAhead] = default;
                        consume(consumed++, oldest);
                    }

                    Monitor.PulseAll(gate);
                }
            }
            catch
            {
                lock (gate)
                {
                    isStopped = true;
                    Monitor.PulseAll(gate);
                }

                throw;
            }
        }
    }
}
