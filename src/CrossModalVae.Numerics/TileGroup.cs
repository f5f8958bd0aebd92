namespace CrossModalVae.Numerics;

/// <summary>Eight neighbouring tiles of a set that are compared with the tiles of another set together. One thread's.</summary>
internal sealed class TileGroup
{
    public const int Size = DotBlock.Rows;

    private readonly PointTiles _points;
    private readonly PointTiles _others;
    private readonly LeftBlock[] _left;
    private readonly float[] _bounds; // [8, other set's tiles], of the squared distances of centres

    public TileGroup(PointTiles points, PointTiles others)
    {
        _points = points;
        _others = others;
        _left = [.. Enumerable.Range(0, Size).Select(_ => new LeftBlock(points))];
        _bounds = new float[Size * others.CentreWidth];
    }

    /// <summary>The first tile.</summary>
    public int First { get; private set; }

    /// <summary>The tile after the last.</summary>
    public int End => Math.Min(First + Size, _points.TileCount);

    /// <summary>Where a tile of the group has its points that are still asked for.</summary>
    public LeftBlock Left(int tile) => _left[tile - First];

    /// <summary>Goes on to other tiles.</summary>
    /// <param name="first">A multiple of 8.</param>
    public void MoveTo(int first)
    {
        First = first;
        _points.CentreDistances(first, _others, _bounds);
    }

    /// <summary>Whether a tile of the group and one of the other set have no pair within the radius, by their balls.</summary>
    public bool IsApart(int tile, int other, Radius radius)
    {
        float reach = (_points.Radius(tile) + _others.Radius(other) + radius.Euclidean) * (1 + 1e-6f);
        return _bounds[((tile - First) * _others.CentreWidth) + other] > reach * reach * (1 + 1e-6f);
    }
}
