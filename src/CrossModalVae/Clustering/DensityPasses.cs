using System.Numerics;
using CrossModalVae.Numerics;

namespace CrossModalVae.Clustering;

/// <summary>
/// The three passes of DBSCAN over tiles: who is a core point, which core points hang together, which cluster a border point belongs to. Tiles that
/// are too far apart, or whose answer is known already, are left out; nothing is kept about pairs.
/// </summary>
internal sealed class DensityPasses(double eps, int minSamples, DistanceMetric metric, IProgress<double>? progress, CancellationToken cancellationToken)
{
    private const int GroupSize = DotBlock.Rows;
    private const int Passes = 3;

    /// <summary>Core points and labels, by row.</summary>
    public (bool[] IsCore, int[] Labels) Run(float[] values, int count, int dimension)
    {
        PointTiles points = PointTiles.Create(values, count, dimension, metric, cancellationToken);
        var isCore = new bool[count];
        FindCore(points, isCore);
        PointTiles core = points.Subset(position => isCore[points.Order[position]]);
        PointTiles rest = points.Subset(position => !isCore[points.Order[position]]);
        var sets = new DisjointSets(core.Count);
        Connect(core, sets);
        var labels = new int[count];
        Array.Fill(labels, DbscanResult.Noise);
        NumberClusters(core, sets, labels);
        LabelBorder(rest, core, labels);
        return (isCore, labels);
    }

    // A point is done with as soon as it has enough neighbours; nearest tiles come first, so in a cluster that is soon.
    private void FindCore(PointTiles points, bool[] isCore) => ForEachTile(points, points, pass: 0, (left, tile, bounds) =>
    {
        var radius = new Radius(points, eps);
        Span<int> counts = stackalloc int[PointTiles.TileSize];
        Span<uint> within = stackalloc uint[PointTiles.TileSize];
        counts.Fill(1); // itself
        uint open = minSamples > 1 ? Lanes(points, tile) : 0;
        left.Take(tile, open);
        foreach (int other in Outwards(tile, points.TileCount))
        {
            if (open == 0)
            {
                break;
            }

            if (IsApart(bounds[other], points.Radius(tile) + points.Radius(other), radius))
            {
                continue;
            }

            left.Within(points, other, radius, within);
            for (int r = 0; r < left.Count; r++)
            {
                int lane = left.Positions[r] % PointTiles.TileSize;
                uint found = other == tile ? within[r] & ~(1u << lane) : within[r];
                counts[lane] += BitOperations.PopCount(found);
                if (counts[lane] >= minSamples)
                {
                    open &= ~(1u << lane);
                }
            }

            // Fewer blocks of 8 would do.
            if ((BitOperations.PopCount(open) + GroupSize - 1) / GroupSize < (left.Count + GroupSize - 1) / GroupSize)
            {
                left.Take(tile, open);
            }
        }

        for (int lane = 0; lane < points.CountOf(tile); lane++)
        {
            isCore[points.Order[(tile * PointTiles.TileSize) + lane]] = counts[lane] >= minSamples;
        }
    });

    // Pairs of tiles that already belong together need no distances.
    private void Connect(PointTiles core, DisjointSets sets) => ForEachTile(core, core, pass: 1, (left, tile, bounds) =>
    {
        var radius = new Radius(core, eps);
        Span<uint> within = stackalloc uint[PointTiles.TileSize];
        left.Take(tile, Lanes(core, tile));
        int ownRoot = RootOfAll(core, sets, tile);
        for (int other = tile; other < core.TileCount; other++)
        {
            if (IsApart(bounds[other], core.Radius(tile) + core.Radius(other), radius))
            {
                continue;
            }

            ownRoot = ownRoot < 0 ? RootOfAll(core, sets, tile) : sets.Find(ownRoot);
            if (ownRoot >= 0 && ownRoot == RootOfAll(core, sets, other))
            {
                continue;
            }

            left.Within(core, other, radius, within);
            for (int r = 0; r < left.Count; r++)
            {
                for (uint found = within[r]; found != 0; found &= found - 1)
                {
                    sets.Join(left.Positions[r], (other * PointTiles.TileSize) + BitOperations.TrailingZeroCount(found));
                }
            }
        }
    });

    private static int RootOfAll(PointTiles points, DisjointSets sets, int tile)
    {
        int first = tile * PointTiles.TileSize;
        int root = sets.Find(first);
        for (int position = first + 1; position < first + points.CountOf(tile); position++)
        {
            if (sets.Find(position) != root)
            {
                return -1;
            }
        }

        return root;
    }

    // Clusters are numbered by their first core point, as scikit-learn's grow one after another.
    private static void NumberClusters(PointTiles core, DisjointSets sets, int[] labels)
    {
        var numbers = new int[core.Count];
        Array.Fill(numbers, DbscanResult.Noise);
        int clusters = 0;
        foreach (int position in Enumerable.Range(0, core.Count).OrderBy(position => core.Order[position]))
        {
            int root = sets.Find(position);
            if (numbers[root] == DbscanResult.Noise)
            {
                numbers[root] = clusters++;
            }

            labels[core.Order[position]] = numbers[root];
        }
    }

    // Of the clusters with a core point near enough, the first: it would have been the first to reach the point.
    private void LabelBorder(PointTiles rest, PointTiles core, int[] labels)
    {
        var lowest = new int[core.TileCount];
        for (int tile = 0; tile < core.TileCount; tile++)
        {
            lowest[tile] = Enumerable.Range(tile * PointTiles.TileSize, core.CountOf(tile)).Min(position => labels[core.Order[position]]);
        }

        ForEachTile(rest, core, pass: 2, (left, tile, bounds) =>
        {
            var radius = new Radius(core, eps);
            Span<uint> within = stackalloc uint[PointTiles.TileSize];
            Span<int> best = stackalloc int[PointTiles.TileSize];
            best.Fill(int.MaxValue);
            left.Take(tile, Lanes(rest, tile));
            int worst = int.MaxValue;
            for (int other = 0; other < core.TileCount; other++)
            {
                if (lowest[other] >= worst || IsApart(bounds[other], rest.Radius(tile) + core.Radius(other), radius))
                {
                    continue;
                }

                left.Within(core, other, radius, within);
                worst = 0;
                for (int r = 0; r < left.Count; r++)
                {
                    for (uint found = within[r]; found != 0; found &= found - 1)
                    {
                        int position = (other * PointTiles.TileSize) + BitOperations.TrailingZeroCount(found);
                        best[r] = Math.Min(best[r], labels[core.Order[position]]);
                    }

                    worst = Math.Max(worst, best[r]);
                }
            }

            for (int r = 0; r < left.Count; r++)
            {
                labels[rest.Order[left.Positions[r]]] = best[r] == int.MaxValue ? DbscanResult.Noise : best[r];
            }
        });
    }

    private delegate void TileWork(LeftBlock left, int tile, ReadOnlySpan<float> bounds);

    private void ForEachTile(PointTiles points, PointTiles others, int pass, TileWork work)
    {
        int groups = (points.TileCount + GroupSize - 1) / GroupSize;
        int done = 0;
        Parallel.For(
            0,
            groups,
            new ParallelOptions { CancellationToken = cancellationToken },
            () => (Left: new LeftBlock(points), Bounds: new float[GroupSize * others.CentreWidth]),
            (group, _, local) =>
            {
                points.CentreDistances(group * GroupSize, others, local.Bounds);
                for (int tile = group * GroupSize; tile < Math.Min(points.TileCount, (group + 1) * GroupSize); tile++)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    work(local.Left, tile, local.Bounds.AsSpan(tile % GroupSize * others.CentreWidth, others.CentreWidth));
                }

                progress?.Report((pass + ((double)Interlocked.Increment(ref done) / groups)) / Passes);
                return local;
            },
            _ => { });
    }

    private static bool IsApart(float centreDistance, float radii, Radius radius)
    {
        float reach = (radii + radius.Euclidean) * (1 + 1e-6f);
        return centreDistance > reach * reach * (1 + 1e-6f);
    }

    private static uint Lanes(PointTiles points, int tile)
    {
        int count = points.CountOf(tile);
        return count == PointTiles.TileSize ? uint.MaxValue : (1u << count) - 1;
    }

    private static IEnumerable<int> Outwards(int tile, int tiles)
    {
        yield return tile;
        for (int step = 1; step < tiles; step++)
        {
            if (tile - step >= 0)
            {
                yield return tile - step;
            }

            if (tile + step < tiles)
            {
                yield return tile + step;
            }
        }
    }
}
