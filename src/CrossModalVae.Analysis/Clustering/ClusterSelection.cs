namespace CrossModalVae.Clustering;

/// <summary>Which clusters of <see cref="Hdbscan"/>'s tree become the result.</summary>
public enum ClusterSelection
{
    /// <summary>The most stable ones, none inside another (excess of mass; Campello et al. 2015, section 5.1): few, of any size.</summary>
    Eom,

    /// <summary>
    /// The leaves: many, small, of even density. A tree without any, one cluster of everything, gives noise alone, as in the reference
    /// implementation.
    /// </summary>
    Leaf,
}
