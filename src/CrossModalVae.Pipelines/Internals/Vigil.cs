using System.Diagnostics;

namespace CrossModalVae.Pipelines.Internals;

/// <summary>
/// Waiting awake for a moment. To wake a sleeping thread may take the scheduler several milliseconds (it may find itself behind the thread
/// that woke it), longer than what it waits for takes.
/// </summary>
internal static class Vigil
{
    private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(2);

    /// <summary>Waits for the condition, 2 ms at most, giving way to other threads but never asleep.</summary>
    public static void Keep(Func<bool> condition)
    {
        long since = Stopwatch.GetTimestamp();
        var spinner = default(SpinWait);
        while (!condition() && Stopwatch.GetElapsedTime(since) < Longest)
        {
            spinner.SpinOnce(sleep1Threshold: -1);
        }
    }
}
