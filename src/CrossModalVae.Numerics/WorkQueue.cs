using System.Collections.Concurrent;

namespace CrossModalVae.Numerics;

/// <summary>
/// Pieces of work that a reader adds as it goes and finishes in order, computed ahead by pool threads and by the reader's own thread where
/// it would wait otherwise. The queue belongs to the reader's thread.
/// </summary>
/// <param name="workerCount">Pool threads at most; 0 leaves all work to the reader's thread.</param>
internal sealed class WorkQueue(int workerCount) : IDisposable
{
    private readonly Queue<Piece> _pieces = new();
    private readonly ConcurrentQueue<Piece> _offered = new();
    private int _workers;

    /// <summary>Pieces added and not finished.</summary>
    public int Count => _pieces.Count;

    /// <summary>Adds a piece; pool threads may take it where <paramref name="offer"/> is true.</summary>
    public void Add(Action work, bool offer = true)
    {
        var piece = new Piece(work);
        _pieces.Enqueue(piece);
        if (!offer || workerCount == 0)
        {
            return;
        }

        _offered.Enqueue(piece);
        if (Interlocked.Increment(ref _workers) <= workerCount)
        {
            Task.Run(Work);
        }
        else
        {
            Interlocked.Decrement(ref _workers);
        }
    }

    /// <summary>Runs waiting pieces until the oldest is done, and removes it; throws what it threw.</summary>
    public void FinishOldest()
    {
        Piece oldest = _pieces.Peek();
        foreach (Piece piece in _pieces)
        {
            if (oldest.End.IsCompleted)
            {
                break;
            }

            piece.TryRun();
        }

        try
        {
            oldest.End.GetAwaiter().GetResult();
        }
        finally
        {
            _pieces.Dequeue();
        }
    }

    /// <summary>Drops what has not begun and waits for what has; their failures are not reported.</summary>
    public void Dispose()
    {
        foreach (Piece piece in _pieces)
        {
            if (!piece.TryClaim())
            {
                piece.End.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing).GetAwaiter().GetResult();
            }
        }

        _pieces.Clear();
    }

    private void Work()
    {
        while (_offered.TryDequeue(out Piece? piece))
        {
            piece.TryRun();
        }

        Interlocked.Decrement(ref _workers);
    }

    /// <summary>Work that one thread does: the first that claims it.</summary>
    private sealed class Piece(Action work)
    {
        private readonly TaskCompletionSource _end = new();
        private int _claimed;

        public Task End => _end.Task;

        public bool TryClaim() => Interlocked.Exchange(ref _claimed, 1) == 0;

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
                // Whatever it is, it is rethrown where the piece is finished.
                _end.SetException(e);
            }
        }
    }
}
