namespace CrossModalVae.Projection;

/// <summary>Where the points of a t-SNE layout start.</summary>
public enum TSneInitialisation
{
    /// <summary>
    /// At their first two principal components, scaled to a standard deviation of 1e-4: keeps the large-scale order (Kobak, Berens 2019).
    /// </summary>
    Pca,

    /// <summary>At random, normal with a standard deviation of 1e-4, as in the first paper.</summary>
    Random,
}
