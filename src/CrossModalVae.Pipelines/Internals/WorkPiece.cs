namespace CrossModalVae.Pipelines.Internals;

/// <summary>Work that exactly one thread does: the first that comes to it.</summary>
internal sealed class WorkPiece(Action work)
{
    private readonly TaskCompletionSource _end = new();
    private int _claimed;

    /// <summary>Whether it is done, well or badly.</summary>
    public bool IsDone => _end.Task.IsCompleted;

    /// <summary>Does the work on this thread, unless somebody has begun it; <see cref="Finish"/> tells how it ended.</summary>
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
            // Whatever it is, it belongs to who waits for the piece, on another thread perhaps.
            _end.SetException(e);
        }
    }

    /// <summary>Waits for the end; throws what the work threw.</summary>
    public void Finish()
    {
        Vigil.Keep(() => IsDone);
        _end.Task.GetAwaiter().GetResult();
    }

    /// <summary>Sees to it that nobody begins it any more, and waits for who has; errors go unseen.</summary>
    public void Drop()
    {
        if (!TryClaim())
        {
            _end.Task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing).GetAwaiter().GetResult();
        }
    }

    private bool TryClaim() => Interlocked.Exchange(ref _claimed, 1) == 0;
}
