namespace CrossModalVae.Evaluation;

/// <summary>
/// One system's figure minus another's on the same trials. The interval is of the differences on the same draws of identities: it does not
/// hold 0 where the one is better on nearly every draw, though the two systems' own intervals overlap.
/// </summary>
/// <param name="Value">The difference, all trials weighing the same.</param>
/// <param name="Interval">Its bootstrap interval over identities; null where none was asked for.</param>
/// <param name="ByIdentityValue">The difference, all identities weighing the same.</param>
/// <param name="ByIdentityInterval">Its interval.</param>
public sealed record FigureDifference(double Value, Interval? Interval, double ByIdentityValue, Interval? ByIdentityInterval);
