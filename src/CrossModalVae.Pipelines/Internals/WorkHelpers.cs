using System.Collections.Concurrent;

namespace CrossModalVae.Pipelines.Internals;

/// <summary>
/// Pool threads that take pieces of work off the threads that wait for them. A helper that has run out of work stays awake for a moment: to
/// wake a sleeping thread may take the scheduler longer (milliseconds) than the work it is woken for.
/// </summary>
/// <param name="most">Helpers at a time, at least 0.</param>
internal sealed class WorkHelpers(int most)
{
    private readonly ConcurrentQueue<WorkPiece> _waiting = new();
    private int _awake;
    private int _idle;
    private volatile bool _stopped;

    /// <summary>Hands a piece to whoever is free first. It may go unheeded: its owner runs it then.</summary>
    public void Offer(WorkPiece piece)
    {
        if (most == 0 || _stopped)
        {
            return;
        }

        _waiting.Enqueue(piece);
        if (_waiting.Count > Volatile.Read(ref _idle))
        {
            Wake();
        }
    }

    /// <summary>Sends the helpers home after the pieces they are at.</summary>
    public void Stop()
    {
        _stopped = true;
        _waiting.Clear();
    }

    private void Wake()
    {
        if (Interlocked.Increment(ref _awake) <= most)
        {
            Task.Run(Help);
        }
        else
        {
            Interlocked.Decrement(ref _awake);
        }
    }

    private void Help()
    {
        while (!_stopped && TryTake(out WorkPiece? piece))
        {
            piece!.TryRun();
        }

        Interlocked.Decrement(ref _awake);
    }

    private bool TryTake(out WorkPiece? piece)
    {
        if (_waiting.TryDequeue(out piece))
        {
            return true;
        }

        bool found = false;
        Interlocked.Increment(ref _idle);
        WorkPiece? taken = null;
        Vigil.Keep(() => _stopped || (found = _waiting.TryDequeue(out taken)));
        piece = taken;
        Interlocked.Decrement(ref _idle);
        return found;
    }
}
