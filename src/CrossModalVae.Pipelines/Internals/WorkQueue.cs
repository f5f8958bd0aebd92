namespace CrossModalVae.Pipelines.Internals;

/// <summary>
/// The pieces of one reader, finished in the order they came: by helpers, and by the reader's own thread where it would wait otherwise, so
/// that no more threads run than there are cores. Belongs to one thread.
/// </summary>
/// <param name="helpers">Who else may do them; null for nobody.</param>
internal sealed class WorkQueue(WorkHelpers? helpers) : IDisposable
{
    private readonly Queue<WorkPiece> _pieces = new();

    /// <summary>Pieces added and not finished.</summary>
    public int Count => _pieces.Count;

    /// <summary>Adds a piece.</summary>
    /// <param name="work">What is to be done, on any thread.</param>
    /// <param name="offer">Whether helpers may take it.</param>
    public void Add(Action work, bool offer = true)
    {
        var piece = new WorkPiece(work);
        _pieces.Enqueue(piece);
        if (offer)
        {
            helpers?.Offer(piece);
        }
    }

    /// <summary>Does waiting pieces until the oldest is done, and takes it out; throws what it threw.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public void FinishOldest()
    {
        WorkPiece oldest = _pieces.Peek();
        foreach (WorkPiece piece in _pieces)
        {
            if (oldest.IsDone)
            {
                break;
            }

            piece.TryRun();
        }

        // Whatever comes now, the piece is over when it is taken out.
        try
        {
            oldest.Finish();
        }
        finally
        {
            _pieces.Dequeue();
        }
    }

    /// <summary>Drops what has not begun and waits for what has; errors nobody asked for go unseen.</summary>
    public void Dispose()
    {
        foreach (WorkPiece piece in _pieces)
        {
            piece.Drop();
        }

        _pieces.Clear();
    }
}
