using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace CrossModalVae.Hosting;

/// <summary>What a service measures of itself, by System.Diagnostics.Metrics: OpenTelemetry takes it by the meter's name.</summary>
public static class BatchMetrics
{
    /// <summary>The meter's name, for <c>AddMeter</c>.</summary>
    public const string MeterName = "CrossModalVae";

    private static readonly Meter Meter = new(MeterName, typeof(BatchMetrics).Assembly.GetName().Version?.ToString(3));

    private static readonly Counter<long> Rows = Meter.CreateCounter<long>("crossmodalvae.rows", "{row}", "Rows scored.");

    private static readonly Histogram<int> BatchSize =
        Meter.CreateHistogram<int>("crossmodalvae.batch.size", "{row}", "Rows of a run.");

    private static readonly Histogram<double> RunDuration =
        Meter.CreateHistogram<double>("crossmodalvae.run.duration", "s", "Time of a run.");

    private static readonly Histogram<double> QueueDuration =
        Meter.CreateHistogram<double>("crossmodalvae.queue.duration", "s", "Time that the oldest row of a run waited for it.");

    private static readonly UpDownCounter<int> InFlight =
        Meter.CreateUpDownCounter<int>("crossmodalvae.requests", "{request}", "Requests in flight.");

    private static readonly Counter<long> Refusals =
        Meter.CreateCounter<long>("crossmodalvae.requests.refused", "{request}", "Requests refused because too many were in flight.");

    internal static void Ran(int rows, TimeSpan waited, TimeSpan ran, in TagList tags)
    {
        Rows.Add(rows, tags);
        BatchSize.Record(rows, tags);
        RunDuration.Record(ran.TotalSeconds, tags);
        QueueDuration.Record(waited.TotalSeconds, tags);
    }

    internal static void Entered(int change) => InFlight.Add(change);

    internal static void Refused() => Refusals.Add(1);
}
