using System.Numerics;
using System.Runtime.CompilerServices;

namespace CrossModalVae.Clustering;

/// <summary>
/// The passes of DBSCAN over tiles: which points are core points, which core points are connected, which cluster a border point belongs to.
/// Tiles that are too far apart or already decided are skipped; nothing is kept about pairs.
/// </summary>
internal sealed class DensityPasses(double eps, int minSamples, IProgress<double>? progress, CancellationToken cancellationToken)
{
    private const int GroupSize = TileGroup.Size;
    private const int Passes = 4;

    // A point within a cluster has its neighbours in the tiles next to its own; the few others are cheaper together, in full tiles.
    private const int NearTiles = 32;

    /// <summary>Core points and labels, by row.</summary>
    public (bool[] IsCore, int[] Labels) Run(PointTiles points)
    {
        var counts = new int[points.Count]; // neighbours, itself included; of core points, at least minSamples
        CountNeighbours(points, [.. Enumerable.Range(0, points.Count)], points, counts, NearTiles, pass: 0);
        int[] open = [.. Enumerable.Range(0, points.Count).Where(position => counts[position] < minSamples)];
        CountNeighbours(points.Subset(open), open, points, counts, points.TileCount, pass: 1);
        PointTiles core = points.Subset([.. Enumerable.Range(0, points.Count).Where(position => counts[position] >= minSamples)]);
        PointTiles border = points.Subset([.. open.Where(position => counts[position] > 1 && counts[position] < minSamples)]);
        var sets = new DisjointSets(core.Count);
        Connect(core, sets);
        var labels = new int[points.Count];
        Array.Fill(labels, DbscanResult.Noise);
        NumberClusters(core, sets, labels);
        LabelBorder(border, core, labels);
        var isCore = new bool[points.Count];
        foreach (int row in core.Order)
        {
            isCore[row] = true;
        }

        progress?.Report(1);
        return (isCore, labels);
    }

    // A point is finished once it has enough neighbours; the nearest tiles come first, so in a cluster that is soon.
    private void CountNeighbours(PointTiles some, int[] positions, PointTiles all, int[] totals, int maxTiles, int pass) =>
        ForEachGroup(some, all, pass, group =>
        {
            var limit = new DistanceLimit(all, eps);
            Span<int> counts = stackalloc int[GroupSize * PointTiles.TileSize];
            Span<uint> open = stackalloc uint[GroupSize];
            Span<uint> within = stackalloc uint[PointTiles.TileSize];
            counts.Fill(1); // itself
            for (int tile = group.First; tile < group.End; tile++)
            {
                open[tile - group.First] = minSamples > 1 ? some.Lanes(tile) : 0;
                group.Left(tile).Take(tile, open[tile - group.First]);
            }

            var tiles = new NearestFirst(positions[group.First * PointTiles.TileSize] / PointTiles.TileSize, all.TileCount);
            for (int n = 0; n < maxTiles && open.ContainsAnyExcept(0u) && tiles.TryNext(out int other); n++)
            {
                for (int tile = group.First; tile < group.End; tile++)
                {
                    if (open[tile - group.First] != 0 && !group.IsApart(tile, other, limit))
                    {
                        Count(
                            group.Left(tile),
                            tile,
                            other,
                            counts[((tile - group.First) * PointTiles.TileSize)..],
                            ref open[tile - group.First],
                            within);
                    }
                }
            }

            for (int i = group.First * PointTiles.TileSize; i < Math.Min(some.Count, group.End * PointTiles.TileSize); i++)
            {
                totals[positions[i]] = counts[i - (group.First * PointTiles.TileSize)];
            }

            void Count(TileRows left, int tile, int other, Span<int> counts, ref uint open, Span<uint> within)
            {
                if (!left.Within(all, other, limit, within))
                {
                    return;
                }

                for (int r = 0; r < left.Count; r++)
                {
                    int lane = left.Positions[r] % PointTiles.TileSize, own = positions[left.Positions[r]];
                    uint itself = own / PointTiles.TileSize == other ? 1u << (own % PointTiles.TileSize) : 0;
                    counts[lane] += BitOperations.PopCount(within[r] & ~itself);
                    if (counts[lane] >= minSamples)
                    {
                        open &= ~(1u << lane);
                    }
                }

                // Repack where the open points fit into fewer blocks of 8.
                if ((BitOperations.PopCount(open) + DotBlock.Rows - 1) / DotBlock.Rows < (left.Count + DotBlock.Rows - 1) / DotBlock.Rows)
                {
                    left.Take(tile, open);
                }
            }
        });

    // Pairs of tiles that already belong together need no distances.
    private void Connect(PointTiles core, DisjointSets sets) => ForEachGroup(core, core, pass: 2, group =>
    {
        var limit = new DistanceLimit(core, eps);
        Span<uint> within = stackalloc uint[PointTiles.TileSize];
        Span<int> roots = stackalloc int[GroupSize]; // -1 where a tile's points do not belong together yet
        roots.Fill(-1);
        for (int tile = group.First; tile < group.End; tile++)
        {
            group.Left(tile).Take(tile, core.Lanes(tile));
        }

        for (int other = group.First; other < core.TileCount; other++)
        {
            int otherRoot = RootOfAll(core, sets, other);
            for (int tile = group.First; tile < Math.Min(group.End, other + 1); tile++)
            {
                if (group.IsApart(tile, other, limit))
                {
                    continue;
                }

                ref int root = ref roots[tile - group.First];
                root = root < 0 ? RootOfAll(core, sets, tile) : sets.Find(root);
                if ((root < 0 || root != otherRoot) && group.Left(tile).Within(core, other, limit, within))
                {
                    Join(sets, group.Left(tile), other, within);
                    otherRoot = RootOfAll(core, sets, other);
                }
            }
        }
    });

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Join(DisjointSets sets, TileRows left, int other, ReadOnlySpan<uint> within)
    {
        for (int r = 0; r < left.Count; r++)
        {
            for (uint found = within[r]; found != 0; found &= found - 1)
            {
                sets.Union(left.Positions[r], (other * PointTiles.TileSize) + BitOperations.TrailingZeroCount(found));
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
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

    // A border point belongs to the first of the clusters with a core point within eps, the first to reach it in scikit-learn.
    private void LabelBorder(PointTiles border, PointTiles core, int[] labels)
    {
        var lowest = new int[core.TileCount];
        for (int tile = 0; tile < core.TileCount; tile++)
        {
            lowest[tile] = Enumerable.Range(tile * PointTiles.TileSize, core.CountOf(tile)).Min(position => labels[core.Order[position]]);
        }

        ForEachGroup(border, core, pass: 3, group =>
        {
            var limit = new DistanceLimit(core, eps);
            Span<uint> within = stackalloc uint[PointTiles.TileSize];
            Span<int> best = stackalloc int[GroupSize * PointTiles.TileSize];
            Span<int> worst = stackalloc int[GroupSize];
            best.Fill(int.MaxValue);
            worst.Fill(int.MaxValue);
            for (int tile = group.First; tile < group.End; tile++)
            {
                group.Left(tile).Take(tile, border.Lanes(tile));
            }

            for (int other = 0; other < core.TileCount; other++)
            {
                for (int tile = group.First; tile < group.End; tile++)
                {
                    int t = tile - group.First;
                    if (lowest[other] < worst[t]
                        && !group.IsApart(tile, other, limit)
                        && group.Left(tile).Within(core, other, limit, within))
                    {
                        worst[t] = Improve(best.Slice(t * PointTiles.TileSize, group.Left(tile).Count), other, within);
                    }
                }
            }

            for (int tile = group.First; tile < group.End; tile++)
            {
                TileRows left = group.Left(tile);
                for (int r = 0; r < left.Count; r++)
                {
                    int label = best[((tile - group.First) * PointTiles.TileSize) + r];
                    labels[border.Order[left.Positions[r]]] = label == int.MaxValue ? DbscanResult.Noise : label;
                }
            }
        });

        int Improve(Span<int> best, int other, ReadOnlySpan<uint> within)
        {
            int worst = 0;
            for (int r = 0; r < best.Length; r++)
            {
                for (uint found = within[r]; found != 0; found &= found - 1)
                {
                    int position = (other * PointTiles.TileSize) + BitOperations.TrailingZeroCount(found);
                    best[r] = Math.Min(best[r], labels[core.Order[position]]);
                }

                worst = Math.Max(worst, best[r]);
            }

            return worst;
        }
    }

    // Tiles go in groups, so that a tile of the other side is read once for many points.
    private void ForEachGroup(PointTiles points, PointTiles others, int pass, Action<TileGroup> work) => TileGroup.ForEach(
        points, others, work, progress is null ? null : done => progress.Report((pass + done) / Passes), cancellationToken);
}
