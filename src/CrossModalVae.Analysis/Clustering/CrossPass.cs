using System.Numerics;

namespace CrossModalVae.Clustering;

/// <summary>
/// Looks at all pairs of points of different components, and offers a board every edge that may be the shortest it asks
/// for. Pairs of tiles too far apart, or of one component, are left out; of the rest most are screened in single
/// precision and a few computed in double precision.
/// </summary>
internal sealed class CrossPass
{
    private readonly PointTiles _points;
    private readonly double[] _core; // by row
    private readonly Components _components;
    private readonly IEdgeBoard _board;
    private readonly CancellationToken _cancellationToken;
    private readonly float[] _coreSquares; // by position, of prepared points, rounded down
    private readonly float[] _leastCoreSquares; // by tile
    private readonly bool[] _hasLargest; // by tile

    public CrossPass(PointTiles points, double[] core, Components components, IEdgeBoard board, CancellationToken cancellationToken)
    {
        _points = points;
        _core = core;
        _components = components;
        _board = board;
        _cancellationToken = cancellationToken;
        _coreSquares = [.. points.Order.Select(row => MathF.BitDecrement((float)points.Squared(core[row])))];
        _leastCoreSquares = new float[points.TileCount];
        _hasLargest = new bool[points.TileCount];
        for (int tile = 0; tile < points.TileCount; tile++)
        {
            _leastCoreSquares[tile] = _coreSquares.AsSpan(tile * PointTiles.TileSize, points.CountOf(tile)).ToArray().Min();
            _hasLargest[tile] = components.InTile(tile).Contains(components.Largest);
        }
    }

    /// <summary>Looks at all.</summary>
    /// <param name="report">Receives the share done, from several threads; null for nobody.</param>
    public void Run(Action<double>? report)
    {
        int groups = ParallelLoop.BlockCount(_points.TileCount, TileGroup.Size);
        int done = 0;
        ParallelLoop.For(
            groups,
            () => (Group: new TileGroup(_points, _points), Bounds: new float[DotBlock.Rows * DotBlock.Lanes]),
            (index, own) =>
            {
                Visit(own.Group, index * TileGroup.Size, own.Bounds);
                report?.Invoke((double)Interlocked.Increment(ref done) / groups);
            },
            cancellationToken: _cancellationToken);
    }

    // The largest component asks for nothing, so its points are never on the left.
    private void Visit(TileGroup group, int firstTile, float[] bounds)
    {
        group.MoveTo(firstTile);
        bool isAny = false;
        for (int tile = firstTile; tile < group.End; tile++)
        {
            uint lanes = 0;
            for (int lane = 0; lane < _points.CountOf(tile); lane++)
            {
                if (_components.OfPosition((tile * PointTiles.TileSize) + lane) != _components.Largest)
                {
                    lanes |= 1u << lane;
                }
            }

            group.Left(tile).Take(tile, lanes);
            isAny |= lanes != 0;
        }

        Span<float> limits = stackalloc float[PointTiles.TileSize];
        var outwards = new Outwards(firstTile, _points.TileCount);
        while (isAny && outwards.TryNext(out int other))
        {
            for (int tile = firstTile; tile < group.End; tile++)
            {
                // From a tile without the largest component this pair is looked at too.
                if (group.Left(tile).Count == 0 || (other < tile && !_hasLargest[other]))
                {
                    continue;
                }

                float reach = Reach(tile, other, limits);
                if (Math.Max(_leastCoreSquares[tile], _leastCoreSquares[other]) <= reach
                    && !(float.IsFinite(reach) && group.IsApart(tile, other, Radius.OfSquare(_points, reach))))
                {
                    Compare(group.Left(tile), other, limits, bounds);
                }
            }
        }
    }

    // Also the limit of each of the tile's components towards the other tile.
    private float Reach(int tile, int other, Span<float> limits)
    {
        float reach = float.NegativeInfinity;
        ReadOnlySpan<int> components = _components.InTile(tile);
        for (int place = 0; place < components.Length; place++)
        {
            limits[place] = components[place] == _components.Largest ? float.NegativeInfinity : Limit(components[place], other);
            reach = Math.Max(reach, limits[place]);
        }

        return reach;
    }

    private float Limit(int component, int tile)
    {
        float limit = float.NegativeInfinity;
        foreach (int other in _components.InTile(tile))
        {
            if (other != component)
            {
                limit = Math.Max(limit, _board.Limit(component, other));
            }
        }

        return limit;
    }

    private void Compare(LeftBlock left, int other, ReadOnlySpan<float> limits, float[] bounds)
    {
        for (int first = 0; first < left.Count; first += DotBlock.Rows)
        {
            left.LowerBounds(first, _points, other, bounds);
            for (int r = 0; r < Math.Min(DotBlock.Rows, left.Count - first); r++)
            {
                int position = left.Positions[first + r];
                float limit = limits[_components.PlaceInTile(position)];
                if (_coreSquares[position] > limit)
                {
                    continue;
                }

                ReadOnlySpan<float> row = bounds.AsSpan(r * DotBlock.Lanes, DotBlock.Lanes);
                for (uint near = DotBlock.AtMost(row, limit); near != 0; near &= near - 1)
                {
                    int lane = BitOperations.TrailingZeroCount(near);
                    int otherPosition = (other * PointTiles.TileSize) + lane;
                    if (otherPosition < _points.Count)
                    {
                        Offer(position, otherPosition, row[lane]);
                    }
                }
            }
        }
    }

    private void Offer(int position, int otherPosition, float bound)
    {
        int component = _components.OfPosition(position), otherComponent = _components.OfPosition(otherPosition);
        if (component != otherComponent && Math.Max(bound, _coreSquares[otherPosition]) <= _board.Limit(component, otherComponent))
        {
            int row = _points.Order[position], other = _points.Order[otherPosition];
            double weight = Math.Max(_points.Distance(position, _points, otherPosition), Math.Max(_core[row], _core[other]));
            _board.Offer(component, otherComponent, new SpanningEdge(row, other, weight), _points.PossiblyWithin(weight));
        }
    }
}
