namespace CrossModalVae.Clustering;

/// <summary>
/// The shortest edge between every two of a few components: one pass over the points, and the rest of the tree is settled (Prim 1957).
/// </summary>
internal sealed class PairBoard(int componentCount) : IEdgeBoard
{
    private readonly EdgeCells _cells = new(checked(componentCount * (componentCount - 1) / 2));

    public float Limit(int component, int other) => _cells.Limit(Cell(component, other));

    public void Offer(int component, int other, SpanningEdge edge, float limit) => _cells.Offer(Cell(component, other), edge, limit);

    public IEnumerable<SpanningEdge> Chosen()
    {
        var nearest = new SpanningEdge[componentCount]; // the shortest edge from what is connected
        var isOpen = new bool[componentCount];
        Array.Fill(nearest, new SpanningEdge(-1, -1, double.PositiveInfinity));
        Array.Fill(isOpen, true);
        int last = 0;
        for (int connected = 1; connected < componentCount; connected++)
        {
            isOpen[last] = false;
            int next = -1;
            for (int c = 0; c < componentCount; c++)
            {
                if (isOpen[c])
                {
                    SpanningEdge edge = _cells[Cell(last, c)];
                    nearest[c] = edge.Weight < nearest[c].Weight ? edge : nearest[c];
                    next = next < 0 || nearest[c].Weight < nearest[next].Weight ? c : next;
                }
            }

            yield return nearest[next];
            last = next;
        }
    }

    private static int Cell(int one, int other)
    {
        (int low, int high) = one < other ? (one, other) : (other, one);
        return (high * (high - 1) / 2) + low;
    }
}
