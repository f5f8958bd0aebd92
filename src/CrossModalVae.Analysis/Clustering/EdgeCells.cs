namespace CrossModalVae.Clustering;

/// <summary>Cells that each keep the shortest edge offered to them. Several threads read and write.</summary>
internal sealed class EdgeCells
{
    private const int LockCount = 64;

    private readonly SpanningEdge[] _edges;
    private readonly float[] _limits;
    private readonly Lock[] _locks = [.. Enumerable.Range(0, LockCount).Select(_ => new Lock())];

    public EdgeCells(int count)
    {
        _edges = new SpanningEdge[count];
        _limits = new float[count];
        Array.Fill(_edges, new SpanningEdge(-1, -1, double.PositiveInfinity));
        Array.Fill(_limits, float.PositiveInfinity);
    }

    public SpanningEdge this[int cell] => _edges[cell];

    /// <summary>
    /// What was offered with the cell's edge; infinite where there is none yet. Never below that of an edge offered later.
    /// </summary>
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
