namespace CrossModalVae.Clustering;

/// <summary>The shortest edges known so far between components. Several threads read and write.</summary>
internal interface IEdgeBoard
{
    /// <summary>
    /// Only an edge whose squared distance between prepared points is at most this can improve what is
    /// known; negative infinity where none can.
    /// </summary>
    float Limit(int component, int other);

    /// <summary>Offers an edge.</summary>
    /// <param name="component">The component of one end.</param>
    /// <param name="other">That of the other end, another one.</param>
    /// <param name="edge">The edge.</param>
    /// <param name="limit">Its weight as a squared distance between prepared points, rounded up.</param>
    void Offer(int component, int other, SpanningEdge edge, float limit);

    /// <summary>The edges of a minimum spanning tree that are settled once all pairs of points have been looked at.</summary>
    IEnumerable<SpanningEdge> Chosen();
}
