namespace CrossModalVae.Evaluation;

/// <summary>A figure in one weighting: on the trials as they are, and on every bootstrap draw of identities.</summary>
/// <param name="Value">On the trials as they are.</param>
/// <param name="Chance">What random scores would give on them.</param>
/// <param name="Draws">On each draw; NaN where the draw left nothing to score.</param>
internal sealed record WeightedSample(double Value, double Chance, double[] Draws);
