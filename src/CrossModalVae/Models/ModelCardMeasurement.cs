namespace CrossModalVae.Models;

/// <summary>One comparison of a graph with the trainer.</summary>
/// <param name="File">The graph's file name.</param>
/// <param name="BatchSize">Rows in the batch, at least 1.</param>
/// <param name="LargestError">The largest disagreement of any output, at least 0.</param>
public sealed record ModelCardMeasurement(string File, int BatchSize, double LargestError);
