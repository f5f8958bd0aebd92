namespace CrossModalVae.Clustering;

/// <summary>An edge of a minimum spanning tree, between two rows.</summary>
internal readonly record struct SpanningEdge(int One, int Other, double Weight);
