namespace CrossModalVae.Hosting;

/// <summary>As many requests as the service takes are in flight; the caller should try again later (HTTP 429).</summary>
public sealed class OverloadedException(int limit)
    : Exception($"{limit} requests are in flight, as many as the service takes; try again later.")
{
    /// <summary>The most requests in flight.</summary>
    public int Limit { get; } = limit;
}
