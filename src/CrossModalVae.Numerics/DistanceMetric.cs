namespace CrossModalVae.Numerics;

/// <summary>A distance between embeddings.</summary>
public enum DistanceMetric
{
    /// <summary>1 - cosine similarity, 0 to 2.</summary>
    Cosine,

    /// <summary>Euclidean length of the difference.</summary>
    Euclidean,
}
