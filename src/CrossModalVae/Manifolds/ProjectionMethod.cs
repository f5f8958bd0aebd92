namespace CrossModalVae.Manifolds;

/// <summary>How embeddings are laid out in a plane.</summary>
public enum ProjectionMethod
{
    /// <summary>t-SNE: near stays near; distances between groups mean little.</summary>
    Tsne,

    /// <summary>The first two principal components: linear, the same for every seed.</summary>
    Pca,
}
