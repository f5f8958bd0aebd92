using System.Runtime.ExceptionServices;

namespace CrossModalVae.Numerics;

/// <summary>Work on several threads whose results are taken in order, while it goes on and with few of them waiting.</summary>
internal static class InOrder
{
    /// <summary>Computes results 0 to count - 1 and hands them over one after the other. The first failure in order is thrown.</summary>
    /// <param name="count">How many.</param>
    /// <param name="jobs">Threads, at least 1.</param>
    /// <param name="window">How far a result may be ahead of the first one not taken, at least 1.</param>
    /// <param name="compute">Makes a result; called on any thread.</param>
    /// <param name="take">Receives a result; called in order, never twice at a time.</param>
    /// <param name="cancellationToken">Stops the work between two results.</param>
    /// <typeparam name="T">What a result is.</typeparam>
    public static void Run<T>(
        int count, int jobs, int window, Func<int, T> compute, Action<int, T> take, CancellationToken cancellationToken)
        where T : class
    {
        cancellationToken.ThrowIfCancellationRequested();
        var waiting = new T?[window]; // result i waits in place i % window
        var gate = new object();
        int next = 0, taken = 0;
        (int Index, Exception Error)? failure = null;
        bool stopped = false;

        void Work()
        {
            while (true)
            {
                int index;
                lock (gate)
                {
                    while (!stopped && next < count && next - taken >= window)
                    {
                        Monitor.Wait(gate);
                    }

                    if (stopped || next == count)
                    {
                        return;
                    }

                    index = next++;
                }

                try
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    T result = compute(index);
                    lock (gate)
                    {
                        waiting[index % window] = result;
                        while (!stopped && taken < count && waiting[taken % window] is T ready)
                        {
                            waiting[taken % window] = null;
                            take(taken, ready);
                            taken++;
                        }

                        Monitor.PulseAll(gate);
                    }
                }
                catch (Exception e)
                {
                    // Whatever it is, it is thrown on the caller's thread once all have ended.
                    lock (gate)
                    {
                        failure = failure is (int at, _) && at < index ? failure : (index, e);
                        stopped = true;
                        Monitor.PulseAll(gate);
                    }

                    return;
                }
            }
        }

        Thread[] threads =
        [
            .. Enumerable.Range(0, Math.Max(0, Math.Min(jobs, count) - 1)).Select(_ => new Thread(Work) { IsBackground = true }),
        ];
        foreach (Thread thread in threads)
        {
            thread.Start();
        }

        Work();
        foreach (Thread thread in threads)
        {
            thread.Join();
        }

        if (failure is (_, Exception error))
        {
            ExceptionDispatchInfo.Throw(error);
        }
    }
}
