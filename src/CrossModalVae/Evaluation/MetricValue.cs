namespace CrossModalVae.Evaluation;

/// <summary>A figure that never travels without its chance level.</summary>
/// <param name="Value">What the system scored, all trials weighing the same.</param>
/// <param name="Chance">What random scores would give on the same trials, exactly.</param>
/// <param name="Count">Trials or queries the figure was taken over.</param>
public sealed record MetricValue(double Value, double Chance, long Count)
{
    /// <summary>The bootstrap interval over identities; null where none was asked for or nobody could be drawn.</summary>
    public Interval? Interval { get; init; }

    /// <summary>
    /// The same with every identity weighing the same, however many clips it has; null where only the pooled figure is known.
    /// </summary>
    public IdentityMetric? ByIdentity { get; init; }
}
