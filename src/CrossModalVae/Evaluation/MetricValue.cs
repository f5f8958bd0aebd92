namespace CrossModalVae.Evaluation;

/// <summary>A figure that never travels without its chance level.</summary>
/// <param name="Value">What the system scored.</param>
/// <param name="Chance">What random scores would give on the same trials, exactly.</param>
/// <param name="Count">Trials or queries the figure was taken over.</param>
public sealed record MetricValue(double Value, double Chance, long Count);
