namespace CrossModalVae.Clustering;

/// <summary>An edge of a minimum spanning tree, between two rows.</summary>
internal readonly record struct SpanningEdge(int One, int Other, double Weight);

/// <summary>The shortest edges found so far between components. Several threads read and write.</summary>
internal interface IEdgeBoard
{
    /// <summary>
    /// Only an edge whose squared distance between prepared points is at most this can improve what is known; negative infinity where none
    /// can.
    /// </summary>
    float Limit(int component, int other);

    /// <summary>Offers an edge between two components; limit is its weight as a squared distance of prepared points, rounded up.</summary>
    void Offer(int component, int other, SpanningEdge edge, float limit);

    /// <summary>The edges of a minimum spanning tree that are certain once all pairs of points have been compared.</summary>
    IEnumerable<SpanningEdge> Chosen();
}

/// <summary>The shortest edge out of every component but the largest, which the others join: one round of Boruvka's algorithm.</summary>
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

/// <summary>
/// The shortest edge between every two of a few components: after one pass over the points they give the rest of the tree (Prim 1957).
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

/// <summary>Cells that each keep the shortest edge offered to them. Several threads read and write.</summary>
internal sealed class EdgeCells(int count)
{
    private const int LockCount = 64;

    private readonly SpanningEdge[] _edges = [.. Enumerable.Repeat(new SpanningEdge(-1, -1, double.PositiveInfinity), count)];
    private readonly float[] _limits = [.. Enumerable.Repeat(float.PositiveInfinity, count)];
    private readonly Lock[] _locks = [.. Enumerable.Range(0, LockCount).Select(_ => new Lock())];

    public SpanningEdge this[int cell] => _edges[cell];

    /// <summary>The limit offered with the cell's edge; infinite where there is none yet. It never rises.</summary>
    public float Limit(int cell) => Volatile.Read(ref _limits[cell]);

    public void Offer(int cell, SpanningEdge edge, float limit)
    {
        if (limit > Limit(cell))
        {
            return;
        }

        lock (_locks[cell % LockCount])
        {
            if (edge.Weight < _edges[cell].Weight)
            {
                _edges[cell] = edge;
                Volatile.Write(ref _limits[cell], limit);
            }
        }
    }
}
