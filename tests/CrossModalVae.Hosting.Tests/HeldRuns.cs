using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace CrossModalVae.Hosting.Tests;

/// <summary>
/// Holds the runs of one model until they are released: a run measures itself before its callers have their answers, and its measurement
/// waits here.
/// </summary>
internal sealed class HeldRuns : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly ConcurrentQueue<int> _sizes = [];
    private readonly SemaphoreSlim _started = new(0);
    private readonly ManualResetEventSlim _released = new();
    private readonly MeterListener _listener = new();

    /// <summary>Holds the runs that start from now on.</summary>
    /// <param name="weightsHash">The model's; other tests must not use it meanwhile.</param>
    public HeldRuns(string weightsHash)
    {
        _listener.InstrumentPublished = (instrument, own) =>
        {
            if (instrument.Meter.Name == BatchMetrics.MeterName && instrument.Name == "crossmodalvae.batch.size")
            {
                own.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<int>((_, size, tags, _) =>
        {
            if (tags.ToArray().Any(tag => Equals(tag.Value, weightsHash[..12])))
            {
                _sizes.Enqueue(size);
                _started.Release();
                _released.Wait(Patience);
            }
        });
        _listener.Start();
    }

    /// <summary>Rows of each run, in the order of their starts.</summary>
    public int[] Sizes => [.. _sizes];

    /// <summary>Waits for a run that is not waited for yet.</summary>
    public async Task StartedAsync() => Assert.True(await _started.WaitAsync(Patience), "no run has started");

    /// <summary>Lets all runs go on, also those to come.</summary>
    public void Release() => _released.Set();

    public void Dispose()
    {
        Release();
        _listener.Dispose();
    }
}
