using System.Numerics;

namespace CrossModalVae.Numerics;

/// <summary>
/// Exact k nearest neighbours: pairs are screened in single precision with a bound on the error, and those that may be among the k nearest
/// are ordered by their distance in double precision, equal ones by row.
/// </summary>
internal sealed class NearestRows
{
    private NearestRows(int count, int k)
    {
        K = k;
        Rows = new int[checked(count * k)];
        Distances = new double[count * k];
    }

    /// <summary>Neighbours of a point.</summary>
    public int K { get; }

    /// <summary>[N, K]: the other set's rows, nearest first.</summary>
    public int[] Rows { get; }

    /// <summary>[N, K]: their distances in the metric.</summary>
    public double[] Distances { get; }

    /// <summary>
    /// Finds the k nearest of <paramref name="others"/> for each of <paramref name="points"/>, in the order of the caller's rows; where
    /// both are one set, a point is not its own neighbour. Report receives the share done, from several threads.
    /// </summary>
    public static NearestRows Find(
        PointTiles points, PointTiles others, int k, Action<double>? report = null, CancellationToken cancellationToken = default)
    {
        bool isSame = ReferenceEquals(points, others);
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(k, others.Count - (isSame ? 1 : 0));
        var result = new NearestRows(points.Count, k);
        float widest = points.WidestBound(others);
        var pool = new ObjectPool<Candidates[]>(() =>
            [.. Enumerable.Range(0, TileGroup.Size * PointTiles.TileSize).Select(_ => new Candidates(k, widest))]);
        TileGroup.ForEach(
            points,
            others,
            group =>
            {
                Candidates[] candidates = pool.Rent();
                new Search(points, others, isSame, group, candidates).Run(result);
                pool.Return(candidates);
            },
            report,
            cancellationToken);
        return result;
    }

    private readonly struct Search(PointTiles points, PointTiles others, bool isSame, TileGroup group, Candidates[] all)
    {
        public void Run(NearestRows result)
        {
            int firstTile = group.First;
            foreach (Candidates candidates in all)
            {
                candidates.Clear();
            }

            for (int tile = firstTile; tile < group.End; tile++)
            {
                group.Left(tile).Take(tile, points.Lanes(tile));
            }

            // Sets in the same spatial order have near tiles at the same relative position.
            int start = isSame ? firstTile : (int)((long)firstTile * others.TileCount / Math.Max(1, points.TileCount));
            var tiles = new NearestFirst(start, others.TileCount);
            while (tiles.TryNext(out int other))
            {
                for (int tile = firstTile; tile < group.End; tile++)
                {
                    Visit(tile, other);
                }
            }

            for (int tile = firstTile; tile < group.End; tile++)
            {
                for (int lane = 0; lane < points.CountOf(tile); lane++)
                {
                    int position = (tile * PointTiles.TileSize) + lane;
                    Of(tile, lane).Write(points, position, others, points.Order[position], result);
                }
            }
        }

        private Candidates Of(int tile, int lane) => all[((tile - group.First) * PointTiles.TileSize) + lane];

        private void Visit(int tile, int other)
        {
            TileRows left = group.Left(tile);
            float farthest = 0;
            for (int lane = 0; lane < left.Count; lane++)
            {
                farthest = Math.Max(farthest, Of(tile, lane).Threshold);
            }

            if (float.IsFinite(farthest) && group.IsApart(tile, other, DistanceLimit.OfSquare(points, farthest)))
            {
                return;
            }

            for (int first = 0; first < left.Count; first += DotBlock.Rows)
            {
                left.LowerBounds(first, others, other, group.Bounds);
                for (int r = 0; r < Math.Min(DotBlock.Rows, left.Count - first); r++)
                {
                    Candidates candidates = Of(tile, first + r);
                    ReadOnlySpan<float> row = group.Bounds.AsSpan(r * DotBlock.Lanes, DotBlock.Lanes);
                    for (uint near = DotBlock.AtMost(row, candidates.Threshold); near != 0; near &= near - 1)
                    {
                        int lane = BitOperations.TrailingZeroCount(near);
                        int position = (other * PointTiles.TileSize) + lane;
                        if (position < others.Count && !(isSame && position == left.Positions[first + r]))
                        {
                            candidates.Add(row[lane], position);
                        }
                    }
                }
            }
        }
    }

    /// <summary>The others that may still be among the k nearest of one point.</summary>
    private sealed class Candidates(int k, float widest)
    {
        private float[] _bounds = new float[(2 * k) + 32];
        private int[] _positions = new int[(2 * k) + 32];
        private int _count;

        /// <summary>A point whose squared distance is surely above this is not among the k nearest.</summary>
        public float Threshold { get; private set; }

        public void Clear()
        {
            _count = 0;
            Threshold = float.PositiveInfinity;
        }

        public void Add(float bound, int position)
        {
            if (_count == _bounds.Length)
            {
                Compact();
            }

            _bounds[_count] = bound;
            _positions[_count++] = position;
        }

        public void Write(PointTiles points, int position, PointTiles others, int row, NearestRows result)
        {
            var distances = new double[_count];
            var rows = new int[_count];
            for (int i = 0; i < _count; i++)
            {
                distances[i] = points.Distance(position, others, _positions[i]);
                rows[i] = others.Order[_positions[i]];
            }

            Array.Sort(rows, distances);
            // stable: equal ones stay in the order of rows
            int[] order = [.. Enumerable.Range(0, _count).OrderBy(i => distances[i]).Take(k)];
            for (int i = 0; i < k; i++)
            {
                result.Rows[(row * k) + i] = rows[order[i]];
                result.Distances[(row * k) + i] = distances[order[i]];
            }
        }

        // The k-th smallest bound and the widest error together: k others are surely that near.
        private void Compact()
        {
            Array.Sort(_bounds, _positions, 0, _count);
            Threshold = _bounds[k - 1] + widest;
            int kept = k;
            while (kept < _count && _bounds[kept] <= Threshold)
            {
                kept++;
            }

            _count = kept;
            if (_count > _bounds.Length / 2)
            {
                Array.Resize(ref _bounds, 2 * _bounds.Length);
                Array.Resize(ref _positions, _bounds.Length);
            }
        }
    }
}
