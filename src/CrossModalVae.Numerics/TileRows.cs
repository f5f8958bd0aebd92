using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace CrossModalVae.Numerics;

/// <summary>
/// Some points of one tile as the left operand of <see cref="DotBlock"/>, 8 at a time, compared with whole tiles. Used by one thread.
/// </summary>
internal sealed class TileRows(PointTiles points)
{
    private readonly float[] _rows = new float[PointTiles.TileSize * points.Dimension]; // [4, D, 8]
    private readonly float[] _products = new float[DotBlock.Rows * DotBlock.Lanes];
    private readonly int[] _positions = new int[PointTiles.TileSize];
    private readonly float[] _upper = new float[PointTiles.TileSize];
    private readonly float[] _lower = new float[PointTiles.TileSize];

    public int Count { get; private set; }

    public ReadOnlySpan<int> Positions => _positions.AsSpan(0, Count);

    /// <summary>Takes the points of a tile whose bit is set.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Take(int tile, uint lanes)
    {
        ReadOnlySpan<float> panel = points.Panel(tile);
        int dimension = points.Dimension;
        Count = 0;
        for (; lanes != 0; lanes &= lanes - 1)
        {
            int lane = BitOperations.TrailingZeroCount(lanes);
            int block = Count / DotBlock.Rows, row = Count % DotBlock.Rows;
            Span<float> to = _rows.AsSpan(block * DotBlock.Rows * dimension, DotBlock.Rows * dimension);
            for (int d = 0; d < dimension; d++)
            {
                to[(d * DotBlock.Rows) + row] = panel[(d * PointTiles.TileSize) + lane];
            }

            _positions[Count] = (tile * PointTiles.TileSize) + lane;
            _upper[Count] = points.Upper(tile)[lane];
            _lower[Count] = points.Lower(tile)[lane];
            Count++;
        }
    }

    /// <summary>
    /// Fills <paramref name="within"/>, [32], with one bit for each point of a tile of the other set within the limit (inclusive) of
    /// each of these points; returns false and leaves it where there is none.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool Within(PointTiles others, int tile, DistanceLimit limit, Span<uint> within)
    {
        bool any = false;
        for (int first = 0; first < Count; first += DotBlock.Rows)
        {
            Multiply(first, others, tile);
            for (int r = 0; r < Math.Min(DotBlock.Rows, Count - first); r++)
            {
                uint near = Near(r, _lower[first + r], others.Lower(tile), limit.PossiblyWithin);
                if (near == 0)
                {
                    if (any)
                    {
                        within[first + r] = 0;
                    }

                    continue;
                }

                if (!any)
                {
                    any = true;
                    within[..(first + r)].Clear();
                }

                within[first + r] = Decide(r, first + r, others, tile, near, limit);
            }
        }

        return any;
    }

    /// <summary>
    /// Fills <paramref name="bounds"/>, [8, 32], with lower bounds of the squared distances of 8 of these points (from
    /// <paramref name="first"/>, a multiple of 8) to a tile of the other set; infinite where there is no point.
    /// </summary>
    public void LowerBounds(int first, PointTiles others, int tile, Span<float> bounds)
    {
        Multiply(first, others, tile);
        ReadOnlySpan<float> right = others.Lower(tile);
        for (int r = 0; r < Math.Min(DotBlock.Rows, Count - first); r++)
        {
            for (int half = 0; half < DotBlock.Lanes; half += Vector512<float>.Count)
            {
                Vector512<float> products = Vector512.Create(_products.AsSpan((r * DotBlock.Lanes) + half));
                Vector512<float> bound = Vector512.Create(_lower[first + r]) + Vector512.Create(right[half..]) - (products + products);
                bound.CopyTo(bounds[((r * DotBlock.Lanes) + half)..]);
            }
        }
    }

    private void Multiply(int first, PointTiles others, int tile) => DotBlock.Compute(
        _rows.AsSpan(first * points.Dimension, DotBlock.Rows * points.Dimension),
        DotBlock.Rows,
        others.Panel(tile),
        points.Dimension,
        _products);

    // Most pairs are surely within or surely not; the few in between are decided in double precision.
    private uint Decide(int r, int own, PointTiles others, int tile, uint near, DistanceLimit limit)
    {
        uint sure = Near(r, _upper[own], others.Upper(tile), limit.SurelyWithin);
        for (uint open = near & ~sure; open != 0; open &= open - 1)
        {
            int lane = BitOperations.TrailingZeroCount(open);
            if (points.IsWithin(_positions[own], others, (tile * PointTiles.TileSize) + lane, limit.Distance))
            {
                sure |= 1u << lane;
            }
        }

        return sure;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private uint Near(int r, float left, ReadOnlySpan<float> right, float threshold)
    {
        ref float products = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_products), r * DotBlock.Lanes);
        ref float norms = ref MemoryMarshal.GetReference(right); // [32]
        Vector512<float> ownNorm = Vector512.Create(left), limit = Vector512.Create(threshold), minusTwo = Vector512.Create(-2f);
        Vector512<float> low = Vector512.FusedMultiplyAdd(
            minusTwo, Vector512.LoadUnsafe(ref products), ownNorm + Vector512.LoadUnsafe(ref norms));
        Vector512<float> high = Vector512.FusedMultiplyAdd(
            minusTwo, Vector512.LoadUnsafe(ref products, 16), ownNorm + Vector512.LoadUnsafe(ref norms, 16));
        return (uint)Vector512.LessThanOrEqual(low, limit).ExtractMostSignificantBits()
            | ((uint)Vector512.LessThanOrEqual(high, limit).ExtractMostSignificantBits() << 16);
    }
}
