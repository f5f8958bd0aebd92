using System.Numerics;
using System.Runtime.CompilerServices;

namespace CrossModalVae.Clustering;

/// <summary>
/// The passes of DBSCAN over tiles: who is a core point, which core points hang together, which cluster a border point belongs to. Tiles
/// that are too far apart, or whose answer is known already, are left out; nothing is kept about pairs.
/// </summary>
internal sealed class DensityPasses(double eps, int minSamples, IProgress<double>? progress, CancellationToken cancellationToken)
{
    private const int GroupSize = TileGroup.Size;
    private const int Passes = 4;

    // A point within a cluster has its neighbours in the tiles next to its own; the few points that do
    // not are cheaper together, in full tiles.
    private const int NearTiles = 32;

    /// <summary>Core points and labels, by row.</summary>
    public (bool[] IsCore, int[] Labels) Run(PointTiles points)
    {
        var counts = new int[points.Count]; // neighbours of each position, itself among them; for core points, as many as were counted
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

    // A point is done with as soon as it has enough neighbours; nearest tiles come first, so in a cluster that is soon.
    private void CountNeighbours(PointTiles some, int[] positions, PointTiles all, int[] totals, int most, int pass) =>
        ForEachGroup(some, all, pass, group =>
        {
            var radius = new Radius(all, eps);
            Span<int> counts = stackalloc int[GroupSize * PointTiles.TileSize];
            Span<uint> open = stackalloc uint[GroupSize];
            Span<uint> within = stackalloc uint[PointTiles.TileSize];
            counts.Fill(1); // itself
            for (int tile = group.First; tile < group.End; tile++)
            {
                open[tile - group.First] = minSamples > 1 ? some.Lanes(tile) : 0;
                group.Left(tile).Take(tile, open[tile - group.First]);
            }

            var outwards = new Outwards(positions[group.First * PointTiles.TileSize] / PointTiles.TileSize, all.TileCount);
            for (int n = 0; n < most && open.ContainsAnyExcept(0u) && outwards.TryNext(out int other); n++)
            {
                for (int tile = group.First; tile < group.End; tile++)
                {
                    if (open[tile - group.First] != 0 && !group.IsApart(tile, other, radius))
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

            void Count(LeftBlock left, int tile, int other, Span<int> counts, ref uint open, Span<uint> within)
            {
                if (!left.Within(all, other, radius, within))
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

                // Fewer blocks of 8 would do.
                if ((BitOperations.PopCount(open) + DotBlock.Rows - 1) / DotBlock.Rows < (left.Count + DotBlock.Rows - 1) / DotBlock.Rows)
                {
                    left.Take(tile, open);
                }
            }
        });

    // Pairs of tiles that already belong together need no distances.
    private void Connect(PointTiles core, DisjointSets sets) => ForEachGroup(core, core, pass: 2, group =>
    {
        var radius = new Radius(core, eps);
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
                if (group.IsApart(tile, other, radius))
                {
                    continue;
                }

                ref int root = ref roots[tile - group.First];
                root = root < 0 ? RootOfAll(core, sets, tile) : sets.Find(root);
                if ((root < 0 || root != otherRoot) && group.Left(tile).Within(core, other, radius, within))
                {
                    Join(sets, group.Left(tile), other, within);
                    otherRoot = RootOfAll(core, sets, other);
                }
            }
        }
    });

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Join(DisjointSets sets, LeftBlock left, int other, ReadOnlySpan<uint> within)
    {
        for (int r = 0; r < left.Count; r++)
        {
            for (uint found = within[r]; found != 0; found &= found - 1)
            {
                sets.Join(left.Positions[r], (other * PointTiles.TileSize) + BitOperations.TrailingZeroCount(found));
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
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
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
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void LabelBorder(PointTiles border, PointTiles core, int[] labels)
    {
        var lowest = new int[core.TileCount];
        for (int tile = 0; tile < core.TileCount; tile++)
        {
            lowest[tile] = Enumerable.Range(tile * PointTiles.TileSize, core.CountOf(tile)).Min(position => labels[core.Order[position]]);
        }

        ForEachGroup(border, core, pass: 3, group =>
        {
            var radius = new Radius(core, eps);
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
                        && !group.IsApart(tile, other, radius)
                        && group.Left(tile).Within(core, other, radius, within))
                    {
                        worst[t] = Improve(best.Slice(t * PointTiles.TileSize, group.Left(tile).Count), other, within);
                    }
                }
            }

            for (int tile = group.First; tile < group.End; tile++)
            {
                LeftBlock left = group.Left(tile);
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
    private void ForEachGroup(PointTiles points, PointTiles others, int pass, Action<TileGroup> work)
    {
        int groups = ParallelLoop.BlockCount(points.TileCount, GroupSize);
        int done = 0;
        ParallelLoop.For(
            groups,
            () => new TileGroup(points, others),
            (index, group) =>
            {
                group.MoveTo(index * GroupSize);
                work(group);
                progress?.Report((pass + ((double)Interlocked.Increment(ref done) / groups)) / Passes);
            },
            cancellationToken: cancellationToken);
    }
}
