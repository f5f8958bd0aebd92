namespace CrossModalVae.Faces;

/// <summary>
/// Runs a decoder that this library does not control, on a thread of its own, so that cancellation is obeyed at once. The caller bounds its
/// work beforehand (by counting the data that a header promises); the time limit is for what nobody has foreseen, far beyond what the
/// largest picture takes on any machine.
/// </summary>
internal static class ForeignDecoder
{
    /// <summary>How long a decoder may take.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <summary>The decoder's result; its exceptions are thrown as they are. A decoder that is given up keeps its thread until the process
    /// ends, and must own its input.</summary>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    /// <exception cref="TimeoutException">The decoder has not ended in time.</exception>
    public static T Run<T>(Func<T> decode, CancellationToken cancellationToken, TimeSpan? patience = null)
    {
        TimeSpan limit = patience ?? Patience;
        Task<T> task = Task.Factory.StartNew(decode, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        if (Task.WaitAny([task], (int)limit.TotalMilliseconds, cancellationToken) < 0)
        {
            throw new TimeoutException(FormattableString.Invariant($"its decoder has not ended after {limit.TotalSeconds:0} s"));
        }

        return task.GetAwaiter().GetResult();
    }
}
