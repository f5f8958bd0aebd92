namespace CrossModalVae.Clustering;

/// <summary>
/// One edge of <see cref="HdbscanResult.CondensedTree"/>: a row that falls out of a cluster, or a cluster that a larger one splits into.
/// </summary>
/// <param name="Parent">The cluster, N (the root, all rows) or more.</param>
/// <param name="Child">A row, 0 to N - 1, or a cluster.</param>
/// <param name="Lambda">The density, 1 / distance, at which it leaves; infinite where the distance is 0.</param>
/// <param name="ChildSize">Rows of the child; 1 for a row.</param>
public readonly record struct CondensedEdge(int Parent, int Child, double Lambda, int ChildSize);
