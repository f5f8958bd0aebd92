namespace CrossModalVae.Clustering;

/// <summary>
/// The shortest edge out of every component but the largest, which waits for the others to come to it: one round of Boruvka's.
/// </summary>
internal sealed class ComponentBoard(int componentCount, int largest) : IEdgeBoard
{
    private readonly EdgeCells _cells = new(componentCount);

    public float Limit(int component, int other) => Math.Max(LimitOf(component), LimitOf(other));

    public void Offer(int component, int other, SpanningEdge edge, float limit)
    {
        _cells.Offer(component, edge, limit);
        _cells.Offer(other, edge, limit);
    }

    public IEnumerable<SpanningEdge> Chosen() => Enumerable.Range(0, componentCount).Where(c => c != largest).Select(c => _cells[c]);

    private float LimitOf(int component) => component == largest ? float.NegativeInfinity : _cells.Limit(component);
}
