namespace CrossModalVae.Metrics;

/// <summary>One row of a <see cref="ReliabilityTable"/>: predictions of about the same probability.</summary>
/// <param name="Predicted">Mean predicted probability of its trials, 0 to 1.</param>
/// <param name="Observed">Share of them that came true, 0 to 1.</param>
/// <param name="Count">How many trials, at least 1.</param>
/// <param name="Low">Lower end of the observed share's interval, or null.</param>
/// <param name="High">Upper end of the observed share's interval, or null.</param>
public readonly record struct ReliabilityBin(double Predicted, double Observed, long Count, double? Low = null, double? High = null);
