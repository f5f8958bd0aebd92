namespace CrossModalVae.Clustering;

/// <summary>
/// A minimum spanning tree of the mutual reachability distances max(core(x), core(y), d(x, y)) by Boruvka's rounds. Most components find
/// their shortest way out in the lists of nearest rows, which also say how far everything not listed is at least. What is left is settled
/// by passes over the tiles, the largest component never asking; nothing is kept about pairs of points. Where several trees are minimal any
/// one may come out: at every distance they connect the same points.
/// </summary>
internal sealed class SpanningTree
{
    /// <summary>Shortest edges between all pairs of components are kept at once where there are at most this many pairs a point.</summary>
    public const int PairsPerPoint = 32;

    private readonly PointTiles _points;
    private readonly NearestRows _nearest;
    private readonly double[] _core;
    private readonly DisjointSets _sets;
    private readonly List<SpanningEdge> _edges;
    private readonly long _mostPairs;
    private readonly IProgress<double>? _progress;
    private readonly CancellationToken _cancellationToken;

    private SpanningTree(
        PointTiles points,
        NearestRows nearest,
        double[] core,
        long mostPairs,
        IProgress<double>? progress,
        CancellationToken cancellationToken)
    {
        _mostPairs = mostPairs;
        _points = points;
        _nearest = nearest;
        _core = core;
        _sets = new DisjointSets(points.Count);
        _edges = new List<SpanningEdge>(points.Count - 1);
        _progress = progress;
        _cancellationToken = cancellationToken;
    }

    /// <summary>The tree's N - 1 edges in no particular order.</summary>
    /// <param name="points">At least two points.</param>
    /// <param name="nearest">Their nearest other points.</param>
    /// <param name="core">The core distance of each row.</param>
    /// <param name="pairsPerPoint">What <see cref="PairsPerPoint"/> is unless a test says otherwise.</param>
    /// <param name="progress">Receives the share done, from several threads; null for nobody.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public static List<SpanningEdge> Find(
        PointTiles points,
        NearestRows nearest,
        double[] core,
        int pairsPerPoint = PairsPerPoint,
        IProgress<double>? progress = null,
        CancellationToken cancellationToken = default)
    {
        var tree = new SpanningTree(points, nearest, core, (long)pairsPerPoint * points.Count, progress, cancellationToken);
        tree.Run();
        return tree._edges;
    }

    private bool IsWhole => _edges.Count == _points.Count - 1;

    private void Run()
    {
        while (JoinByLists())
        {
            _cancellationToken.ThrowIfCancellationRequested();
        }

        for (int pass = 0; !IsWhole; pass++)
        {
            var components = new Components(_points, _sets);
            long pairs = (long)components.Count * (components.Count - 1) / 2;
            IEdgeBoard board = pairs <= _mostPairs
                ? new PairBoard(components.Count)
                : new ComponentBoard(components.Count, components.Largest);
            OfferLists(components, board);
            double from = 1 - Math.Pow(0.5, pass), share = board is PairBoard ? 1 - from : (1 - from) / 2;
            new CrossPass(_points, _core, components, board, _cancellationToken).Run(
                _progress is null ? null : done => _progress.Report(from + (share * done)));
            foreach (SpanningEdge edge in board.Chosen())
            {
                Join(edge);
            }
        }

        _progress?.Report(1);
    }

    // A component whose shortest listed way out is no longer than the nearest that any of its rows does not list can take it.
    private bool JoinByLists()
    {
        if (IsWhole)
        {
            return false;
        }

        int count = _points.Count, k = _nearest.K;
        var best = new SpanningEdge[count]; // by root
        var beyond = new double[count]; // by root: nothing unlisted is nearer
        Array.Fill(best, new SpanningEdge(-1, -1, double.PositiveInfinity));
        Array.Fill(beyond, double.PositiveInfinity);
        for (int row = 0; row < count; row++)
        {
            int root = _sets.Find(row);
            for (int i = row * k; i < (row + 1) * k; i++)
            {
                int other = _nearest.Rows[i];
                int otherRoot = _sets.Find(other);
                if (otherRoot != root)
                {
                    var edge = new SpanningEdge(row, other, Weight(row, other, _nearest.Distances[i]));
                    best[root] = edge.Weight < best[root].Weight ? edge : best[root];
                    best[otherRoot] = edge.Weight < best[otherRoot].Weight ? edge : best[otherRoot];
                }
            }

            if (k < count - 1)
            {
                beyond[root] = Math.Min(beyond[root], Math.Max(_core[row], _nearest.Distances[(row * k) + k - 1]));
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
        int k = _nearest.K;
        for (int row = 0; row < _points.Count; row++)
        {
            int component = components.OfRow(row);
            for (int i = row * k; i < (row + 1) * k; i++)
            {
                int other = _nearest.Rows[i], otherComponent = components.OfRow(other);
                if (component != otherComponent)
                {
                    double weight = Weight(row, other, _nearest.Distances[i]);
                    board.Offer(component, otherComponent, new SpanningEdge(row, other, weight), _points.PossiblyWithin(weight));
                }
            }
        }
    }

    private double Weight(int row, int other, double distance) => Math.Max(distance, Math.Max(_core[row], _core[other]));

    private void Join(SpanningEdge edge)
    {
        if (_sets.Join(edge.One, edge.Other))
        {
            _edges.Add(edge);
        }
    }
}
