using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace CrossModalVae.Numerics;

/// <summary>
/// Some points of one tile as the left side of <see cref="DotBlock"/>, 8 at a time, compared with whole tiles. One thread's.
/// </summary>
internal sealed class LeftBlock
{
    private readonly PointTiles _points;
    private readonly float[] _rows; // [4, D, 8]
    private readonly float[] _products = new float[DotBlock.Rows * DotBlock.Lanes];
    private readonly int[] _positions = new int[PointTiles.TileSize];
    private readonly float[] _upper = new float[PointTiles.TileSize];
    private readonly float[] _lower = new float[PointTiles.TileSize];

    public LeftBlock(PointTiles points)
    {
        _points = points;
        _rows = new float[PointTiles.TileSize * points.Dimension];
    }

    /// <summary>How many points it holds.</summary>
    public int Count { get; private set; }

    /// <summary>The positions of its points in their set.</summary>
    public ReadOnlySpan<int> Positions => _positions.AsSpan(0, Count);

    /// <summary>Takes the points of a tile whose bit is set.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Take(int tile, uint lanes)
    {
        ReadOnlySpan<float> panel = _points.Panel(tile);
        int dimension = _points.Dimension;
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
            _upper[Count] = _points.Upper(tile)[lane];
            _lower[Count] = _points.Lower(tile)[lane];
            Count++;
        }
    }

    /// <summary>Finds which points of a tile are within a distance of each of these.</summary>
    /// <param name="others">The tile's set.</param>
    /// <param name="tile">The tile.</param>
    /// <param name="radius">The distance, inclusive.</param>
    /// <param name="within">[32] receives for each of these points one bit a point of the tile.</param>
    /// <returns>Whether there is any; else <paramref name="within"/> is not filled.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool Within(PointTiles others, int tile, Radius radius, Span<uint> within)
    {
        bool any = false;
        for (int first = 0; first < Count; first += DotBlock.Rows)
        {
            Multiply(first, others, tile);
            for (int r = 0; r < Math.Min(DotBlock.Rows, Count - first); r++)
            {
                uint near = Near(r, _lower[first + r], others.Lower(tile), radius.PossiblyWithin);
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

                within[first + r] = Decide(r, first + r, others, tile, near, radius);
            }
        }

        return any;
    }

    /// <summary>Lower bounds of the squared distances of 8 of these points to a tile's points; infinite where there is no point.</summary>
    /// <param name="first">The first of the 8, a multiple of 8.</param>
    /// <param name="others">The tile's set.</param>
    /// <param name="tile">The tile.</param>
    /// <param name="bounds">[8, 32].</param>
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
        _rows.AsSpan(first * _points.Dimension, DotBlock.Rows * _points.Dimension),
        DotBlock.Rows,
        others.Panel(tile),
        _points.Dimension,
        _products);

    // Most pairs are surely within or surely not; the few that are too close to call are decided in double precision.
    private uint Decide(int r, int own, PointTiles others, int tile, uint near, Radius radius)
    {
        uint sure = Near(r, _upper[own], others.Upper(tile), radius.SurelyWithin);
        for (uint open = near & ~sure; open != 0; open &= open - 1)
        {
            int lane = BitOperations.TrailingZeroCount(open);
            if (_points.IsWithin(_positions[own], others, (tile * PointTiles.TileSize) + lane, radius.Distance))
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
        Vector512<float> own = Vector512.Create(left), limit = Vector512.Create(threshold), minusTwo = Vector512.Create(-2f);
        Vector512<float> low = Vector512.FusedMultiplyAdd(
            minusTwo, Vector512.LoadUnsafe(ref products), own + Vector512.LoadUnsafe(ref norms));
        Vector512<float> high = Vector512.FusedMultiplyAdd(
            minusTwo, Vector512.LoadUnsafe(ref products, 16), own + Vector512.LoadUnsafe(ref norms, 16));
        return (uint)Vector512.LessThanOrEqual(low, limit).ExtractMostSignificantBits()
            | ((uint)Vector512.LessThanOrEqual(high, limit).ExtractMostSignificantBits() << 16);
    }
}
