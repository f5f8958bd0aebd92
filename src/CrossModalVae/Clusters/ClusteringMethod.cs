namespace CrossModalVae.Clusters;

/// <summary>How embeddings are clustered.</summary>
public enum ClusteringMethod
{
    /// <summary>DBSCAN: one density for all clusters, by eps; see <see cref="Clustering.Dbscan"/>.</summary>
    Dbscan,

    /// <summary>HDBSCAN: clusters of any density, by their smallest size; see <see cref="Clustering.Hdbscan"/>.</summary>
    Hdbscan,
}
