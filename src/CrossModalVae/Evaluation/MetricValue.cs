namespace CrossModalVae.Evaluation;

/// <summary>A metric with its chance level.</summary>
/// <param name="Value">What the system scored, averaged over trials.</param>
/// <param name="Chance">What random scores would give on the same trials, exactly.</param>
/// <param name="Count">Number of trials or queries.</param>
public sealed record MetricValue(double Value, double Chance, long Count)
{
    /// <summary>The bootstrap interval over identities; null without bootstrap draws.</summary>
    public Interval? Interval { get; init; }

    /// <summary>The metric macro-averaged over identities; null where only the pooled metric is known.</summary>
    public IdentityMetric? ByIdentity { get; init; }
}

/// <summary>A metric macro-averaged over the probes' identities.</summary>
/// <param name="Value">What the system scored.</param>
/// <param name="Chance">What random scores would give.</param>
/// <param name="Count">Identities of the probes.</param>
/// <param name="Interval">The bootstrap interval over identities, from the same draws as the pooled metric's; null as there.</param>
public sealed record IdentityMetric(double Value, double Chance, int Count, Interval? Interval);

/// <summary>
/// One system's metric minus another's on the same trials. The interval is of the differences on the same draws of identities: it does not
/// hold 0 where the one is better on nearly every draw, though the two systems' own intervals overlap.
/// </summary>
/// <param name="Value">The difference, averaged over trials.</param>
/// <param name="Interval">Its bootstrap interval over identities; null without bootstrap draws.</param>
/// <param name="ByIdentityValue">The difference, macro-averaged over identities.</param>
/// <param name="ByIdentityInterval">Its interval.</param>
public sealed record MetricDifference(double Value, Interval? Interval, double ByIdentityValue, Interval? ByIdentityInterval);
