namespace CrossModalVae.Models;

/// <summary>An input or output of a graph, float32.</summary>
/// <param name="Name">Its name in the graph.</param>
/// <param name="Shape">Sizes per axis; null is the batch.</param>
public sealed record ModelCardTensor(string Name, IReadOnlyList<int?> Shape);
