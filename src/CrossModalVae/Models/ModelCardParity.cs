namespace CrossModalVae.Models;

/// <summary>How well exported graphs agree with the trainer.</summary>
/// <param name="Tolerance">The largest disagreement that export accepts.</param>
/// <param name="Runtime">What ran the graphs, with its version.</param>
/// <param name="Measured">What was measured: a graph, a batch size, the largest disagreement.</param>
public sealed record ModelCardParity(double Tolerance, string Runtime, IReadOnlyList<ModelCardMeasurement> Measured);
