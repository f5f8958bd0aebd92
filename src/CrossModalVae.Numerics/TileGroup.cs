namespace CrossModalVae.Numerics;

/// <summary>Eight neighbouring tiles of a set that are compared together with the tiles of another set. Used by one thread.</summary>
internal sealed class TileGroup(PointTiles points, PointTiles others)
{
    public const int Size = DotBlock.Rows;

    private readonly TileRows[] _left = [.. Enumerable.Range(0, Size).Select(_ => new TileRows(points))];
    private readonly float[] _centreBounds = new float[Size * others.CentreWidth]; // [8, other set's tiles], of centres' squared distances

    public int First { get; private set; }

    /// <summary>The tile after the last.</summary>
    public int End => Math.Min(First + Size, points.TileCount);

    /// <summary>[8, 32], scratch of the worker.</summary>
    public float[] Bounds { get; } = new float[DotBlock.Rows * DotBlock.Lanes];

    /// <summary>The points of a tile of the group that are still compared.</summary>
    public TileRows Left(int tile) => _left[tile - First];

    /// <summary>
    /// Runs body for every group of tiles of a set on all cores, one <see cref="TileGroup"/> a worker; report receives the share done.
    /// </summary>
    public static void ForEach(
        PointTiles points, PointTiles others, Action<TileGroup> body, Action<double>? report, CancellationToken cancellationToken)
    {
        int groups = ParallelLoop.BlockCount(points.TileCount, Size), done = 0;
        ParallelLoop.For(
            groups,
            () => new TileGroup(points, others),
            (index, group) =>
            {
                group.MoveTo(index * Size);
                body(group);
                report?.Invoke((double)Interlocked.Increment(ref done) / groups);
            },
            cancellationToken: cancellationToken);
    }

    /// <summary>Moves to the tiles from <paramref name="first"/> on, a multiple of 8.</summary>
    public void MoveTo(int first)
    {
        First = first;
        points.CentreDistances(first, others, _centreBounds);
    }

    /// <summary>Whether a tile of the group and one of the other set have no pair within the limit, by their bounding balls.</summary>
    public bool IsApart(int tile, int other, DistanceLimit limit)
    {
        float reach = (points.Radius(tile) + others.Radius(other) + limit.Euclidean) * (1 + 1e-6f);
        return _centreBounds[((tile - First) * others.CentreWidth) + other] > reach * reach * (1 + 1e-6f);
    }
}

/// <summary>A distance in the caller's metric, and the limits of squared distances in single precision around it.</summary>
internal readonly record struct DistanceLimit
{
    public DistanceLimit(PointTiles points, double distance)
    {
        Distance = distance;
        double square = points.Squared(distance);
        SurelyWithin = MathF.BitDecrement((float)square);
        PossiblyWithin = points.PossiblyWithin(distance);
        Euclidean = (float)((Math.Sqrt(square) * (1 + 1e-6)) + points.Slack);
    }

    /// <summary>The limit of a squared distance between prepared points, for whole tiles only.</summary>
    public static DistanceLimit OfSquare(PointTiles points, float square) => new()
    {
        Distance = double.NaN,
        Euclidean = (float)((Math.Sqrt(Math.Max(0, square)) * (1 + 1e-6)) + points.Slack),
    };

    /// <summary>The distance in the metric.</summary>
    public double Distance { get; private init; }

    /// <summary>A squared distance plus its error bound that is at most this is within the limit.</summary>
    public float SurelyWithin { get; private init; }

    /// <summary>A squared distance minus its error bound that is above this is not within the limit.</summary>
    public float PossiblyWithin { get; private init; }

    /// <summary>The largest Euclidean distance of prepared points, with room for their rounding.</summary>
    public float Euclidean { get; private init; }
}

/// <summary>
/// The numbers from 0 to count - 1 by their distance from a start, 0 to count: a search that begins where it finds much can skip much.
/// </summary>
internal struct NearestFirst(int start, int count)
{
    private int _lowered; // how far below the start the last one on that side was
    private int _raised; // how far above the start the next one on that side is

    /// <summary>The next number; false after the last.</summary>
    public bool TryNext(out int number)
    {
        bool isAbove = start + _raised < count && (_lowered == start || _raised <= _lowered);
        number = isAbove ? start + _raised++ : _lowered < start ? start - ++_lowered : -1;
        return number >= 0;
    }
}
