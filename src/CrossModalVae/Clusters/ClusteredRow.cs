namespace CrossModalVae.Clusters;

/// <summary>One row of a clustering.</summary>
/// <param name="Identity">Whose clip it is.</param>
/// <param name="Clip">The clip's name within its identity.</param>
/// <param name="Cluster">The cluster from 0, or -1 for noise.</param>
/// <param name="IsCore">Whether the row is a core point; null for HDBSCAN.</param>
/// <param name="Probability">How strongly it belongs to its cluster, 0 to 1; null for DBSCAN.</param>
/// <param name="OutlierScore">How outlying it is, 0 to 1; null for DBSCAN.</param>
public sealed record ClusteredRow(string Identity, string Clip, int Cluster, bool? IsCore, double? Probability, double? OutlierScore);
