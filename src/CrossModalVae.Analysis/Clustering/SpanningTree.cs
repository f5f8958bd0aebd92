namespace CrossModalVae.Clustering;

/// <summary>
/// A minimum spanning tree of the mutual reachability distances max(core(x), core(y), d(x, y)) by Boruvka's algorithm. Most components find
/// their shortest outgoing edge in the lists of nearest rows, which also bound the distance of all other rows from below. The rest is found
/// by passes over the tiles; nothing is kept about pairs of points. Where several trees are minimal any one may result: at every distance
/// they connect the same points.
/// </summary>
/// <param name="points">At least two points.</param>
/// <param name="nearest">Their nearest other points.</param>
/// <param name="core">The core distance of each row.</param>
internal sealed class SpanningTree(PointTiles points, NearestRows nearest, double[] core)
{
    /// <summary>The shortest edges of all pairs of components are kept together up to this many pairs per point.</summary>
    public const int PairsPerPoint = 32;

    private readonly DisjointSets _sets = new(points.Count);
    private readonly List<SpanningEdge> _edges = new(points.Count - 1);

    /// <summary>
    /// The tree's N - 1 edges in no particular order. Tests choose <paramref name="pairsPerPoint"/>; report receives the share done, from
    /// several threads.
    /// </summary>
    public static List<SpanningEdge> Find(
        PointTiles points,
        NearestRows nearest,
        double[] core,
        int pairsPerPoint = PairsPerPoint,
        Action<double>? report = null,
        CancellationToken cancellationToken = default)
    {
        var tree = new SpanningTree(points, nearest, core);
        tree.Run((long)pairsPerPoint * points.Count, report, cancellationToken);
        return tree._edges;
    }

    private bool IsComplete => _edges.Count == points.Count - 1;

    private void Run(long maxPairs, Action<double>? report, CancellationToken cancellationToken)
    {
        while (JoinByLists())
        {
            cancellationToken.ThrowIfCancellationRequested();
        }

        for (int pass = 0; !IsComplete; pass++)
        {
            var components = new Components(points, _sets);
            long pairs = (long)components.Count * (components.Count - 1) / 2;
            IEdgeBoard board = pairs <= maxPairs
                ? new PairBoard(components.Count)
                : new ComponentBoard(components.Count, components.Largest);
            OfferLists(components, board);
            double from = 1 - Math.Pow(0.5, pass), share = board is PairBoard ? 1 - from : (1 - from) / 2;
            new CrossPass(points, core, components, board, cancellationToken).Run(
                report is null ? null : done => report(from + (share * done)));
            foreach (SpanningEdge edge in board.Chosen())
            {
                Join(edge);
            }
        }

        report?.Invoke(1);
    }

    // A component can take its shortest listed outgoing edge where that is no longer than the bound on all unlisted ones.
    private bool JoinByLists()
    {
        if (IsComplete)
        {
            return false;
        }

        int count = points.Count, k = nearest.K;
        var best = new SpanningEdge[count]; // by root
        var beyond = new double[count]; // by root: a lower bound on unlisted edges
        Array.Fill(best, new SpanningEdge(-1, -1, double.PositiveInfinity));
        Array.Fill(beyond, double.PositiveInfinity);
        for (int row = 0; row < count; row++)
        {
            int root = _sets.Find(row);
            for (int i = row * k; i < (row + 1) * k; i++)
            {
                int other = nearest.Rows[i];
                int otherRoot = _sets.Find(other);
                if (otherRoot != root)
                {
                    var edge = new SpanningEdge(row, other, Weight(row, other, nearest.Distances[i]));
                    best[root] = edge.Weight < best[root].Weight ? edge : best[root];
                    best[otherRoot] = edge.Weight < best[otherRoot].Weight ? edge : best[otherRoot];
                }
            }

            if (k < count - 1)
            {
                beyond[root] = Math.Min(beyond[root], Math.Max(core[row], nearest.Distances[(row * k) + k - 1]));
            }
        }

        int before = _edges.Count;
        for (int root = 0; root < count; root++)
        {
            if (best[root].One >= 0 && best[root].Weight <= beyond[root])
            {
                Join(best[root]);
            }
        }

        return _edges.Count > before;
    }

    private void OfferLists(Components components, IEdgeBoard board)
    {
        int k = nearest.K;
        for (int row = 0; row < points.Count; row++)
        {
            int component = components.OfRow(row);
            for (int i = row * k; i < (row + 1) * k; i++)
            {
                int other = nearest.Rows[i], otherComponent = components.OfRow(other);
                if (component != otherComponent)
                {
                    double weight = Weight(row, other, nearest.Distances[i]);
                    board.Offer(component, otherComponent, new SpanningEdge(row, other, weight), points.PossiblyWithin(weight));
                }
            }
        }
    }

    private double Weight(int row, int other, double distance) => Math.Max(distance, Math.Max(core[row], core[other]));

    private void Join(SpanningEdge edge)
    {
        if (_sets.Union(edge.One, edge.Other))
        {
            _edges.Add(edge);
        }
    }
}
