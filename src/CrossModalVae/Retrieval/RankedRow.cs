namespace CrossModalVae.Retrieval;

/// <summary>A gallery's row and its score.</summary>
/// <param name="Row">Zero-based row.</param>
/// <param name="Score">Similarity, higher is nearer; what it is says the metric.</param>
public readonly record struct RankedRow(int Row, double Score);
