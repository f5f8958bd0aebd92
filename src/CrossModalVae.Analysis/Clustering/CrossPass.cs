using System.Numerics;

namespace CrossModalVae.Clustering;

/// <summary>
/// Compares all pairs of points of different components and offers a board every edge that may be the shortest one. Pairs of tiles that are
/// too far apart or within one component are skipped; most others are screened in single precision, a few computed in double precision.
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
        (_points, _core, _components, _board, _cancellationToken) = (points, core, components, board, cancellationToken);
        _coreSquares = [.. points.Order.Select(row => MathF.BitDecrement((float)points.Squared(core[row])))];
        _leastCoreSquares = [.. _coreSquares.Chunk(PointTiles.TileSize).Select(tile => tile.Min())];
        _hasLargest =
            [.. Enumerable.Range(0, points.TileCount).Select(tile => components.InTile(tile).Contains(components.Largest))];
    }

    /// <summary>Compares all pairs; report receives the share done, from several threads.</summary>
    public void Run(Action<double>? report) => TileGroup.ForEach(_points, _points, Visit, report, _cancellationToken);

    // The largest component needs no edge, so its points are never the left operand.
    private void Visit(TileGroup group)
    {
        bool isAny = false;
        for (int tile = group.First; tile < group.End; tile++)
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
        var tiles = new NearestFirst(group.First, _points.TileCount);
        while (isAny && tiles.TryNext(out int other))
        {
            for (int tile = group.First; tile < group.End; tile++)
            {
                // A tile without the largest component is compared in both roles; once is enough.
                if (group.Left(tile).Count == 0 || (other < tile && !_hasLargest[other]))
                {
                    continue;
                }

                float reach = Reach(tile, other, limits);
                if (Math.Max(_leastCoreSquares[tile], _leastCoreSquares[other]) <= reach
                    && !(float.IsFinite(reach) && group.IsApart(tile, other, DistanceLimit.OfSquare(_points, reach))))
                {
                    Compare(group.Left(tile), other, limits, group.Bounds);
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

    private void Compare(TileRows left, int other, ReadOnlySpan<float> limits, float[] bounds)
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
