namespace CrossModalVae.Evaluation;

/// <summary>A figure to which every asking identity contributes the same.</summary>
/// <param name="Value">What the system scored.</param>
/// <param name="Chance">What random scores would give.</param>
/// <param name="Count">Identities that ask.</param>
/// <param name="Interval">The bootstrap interval over identities, from the same draws as the pooled figure's; null as there.</param>
public sealed record IdentityMetric(double Value, double Chance, int Count, Interval? Interval);
