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

    /// <summary>Neighbours of each point.</summary>
    public int K { get; }

    /// <summary>[N, K]: the other set's rows, nearest first.</summary>
    public int[] Rows { get; }

    /// <summary>[N, K]: their distances in the metric.</summary>
    public double[] Distances { get; }

    /// <summary>Finds the nearest points of another set, or of the same one.</summary>
    /// <param name="points">Whose neighbours are sought; results are in the order of the caller's rows.</param>
    /// <param name="others">Among whom; where it is <paramref name="points"/> itself, a point is not its own neighbour.</param>
    /// <param name="k">How many, at least 1 and at most the others there are.</param>
    /// <param name="progress">Receives the share done, from several threads; null for nobody.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public static NearestRows Find(
        PointTiles points, PointTiles others, int k, IProgress<double>? progress = null, CancellationToken cancellationToken = default)
    {
        bool isSame = ReferenceEquals(points, others);
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(k, others.Count - (isSame ? 1 : 0));
        var result = new NearestRows(points.Count, k);
        float widest = points.WidestBound(others);
        int groups = ParallelLoop.BlockCount(points.TileCount, TileGroup.Size);
        int done = 0;
        ParallelLoop.For(
            groups,
            () => new Search(points, others, isSame, k, widest),
            (index, search) =>
            {
                search.Run(index * TileGroup.Size, result);
                progress?.Report((double)Interlocked.Increment(ref done) / groups);
            },
            cancellationToken: cancellationToken);
        return result;
    }

    private sealed class Search(PointTiles points, PointTiles others, bool isSame, int k, float widest)
    {
        private readonly TileGroup _group = new(points, others);
        private readonly float[] _bounds = new float[DotBlock.Rows * DotBlock.Lanes];
        private readonly Candidates[] _candidates =
        [
            .. Enumerable.Range(0, TileGroup.Size * PointTiles.TileSize).Select(_ => new Candidates(k, widest)),
        ];

        public void Run(int firstTile, NearestRows result)
        {
            _group.MoveTo(firstTile);
            foreach (Candidates candidates in _candidates)
            {
                candidates.Clear();
            }

            for (int tile = firstTile; tile < _group.End; tile++)
            {
                _group.Left(tile).Take(tile, points.Lanes(tile));
            }

            // Sets in the same order of space have their near tiles at the same share of the way.
            int middle = isSame ? firstTile : (int)((long)firstTile * others.TileCount / Math.Max(1, points.TileCount));
            var outwards = new Outwards(middle, others.TileCount);
            while (outwards.TryNext(out int other))
            {
                for (int tile = firstTile; tile < _group.End; tile++)
                {
                    Visit(tile, other);
                }
            }

            for (int tile = firstTile; tile < _group.End; tile++)
            {
                for (int lane = 0; lane < points.CountOf(tile); lane++)
                {
                    int position = (tile * PointTiles.TileSize) + lane;
                    Of(tile, lane).Write(points, position, others, points.Order[position], result);
                }
            }
        }

        private Candidates Of(int tile, int lane) => _candidates[((tile - _group.First) * PointTiles.TileSize) + lane];

        private void Visit(int tile, int other)
        {
            LeftBlock left = _group.Left(tile);
            float farthest = 0;
            for (int lane = 0; lane < left.Count; lane++)
            {
                farthest = Math.Max(farthest, Of(tile, lane).Threshold);
            }

            if (float.IsFinite(farthest) && _group.IsApart(tile, other, Radius.OfSquare(points, farthest)))
            {
                return;
            }

            for (int first = 0; first < left.Count; first += DotBlock.Rows)
            {
                left.LowerBounds(first, others, other, _bounds);
                for (int r = 0; r < Math.Min(DotBlock.Rows, left.Count - first); r++)
                {
                    Candidates candidates = Of(tile, first + r);
                    ReadOnlySpan<float> row = _bounds.AsSpan(r * DotBlock.Lanes, DotBlock.Lanes);
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

        /// <summary>Whose squared distance is surely above is not among the k nearest.</summary>
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
