using System.Numerics;
using System.Runtime.Intrinsics;

namespace CrossModalVae.Numerics;

/// <summary>Some points of one tile as the left side of <see cref="DotBlock"/>, 8 at a time, compared with whole tiles. One thread's.</summary>
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
    public void Within(PointTiles others, int tile, Radius radius, Span<uint> within)
    {
        for (int first = 0; first < Count; first += DotBlock.Rows)
        {
            Multiply(first, others, tile);
            for (int r = 0; r < Math.Min(DotBlock.Rows, Count - first); r++)
            {
                int own = first + r;
                Compare(r, own, others, tile, radius, out uint sure, out uint open);
                for (open &= ~sure; open != 0; open &= open - 1)
                {
                    int lane = BitOperations.TrailingZeroCount(open);
                    if (_points.IsWithin(_positions[own], others, (tile * PointTiles.TileSize) + lane, radius.Distance))
                    {
                        sure |= 1u << lane;
                    }
                }

                within[own] = sure;
            }
        }
    }

    /// <summary>Lower bounds of the squared distances to a tile's points; infinite where there is no point.</summary>
    /// <param name="others">The tile's set.</param>
    /// <param name="tile">The tile.</param>
    /// <param name="bounds">[Count, 32].</param>
    public void LowerBounds(PointTiles others, int tile, Span<float> bounds)
    {
        ReadOnlySpan<float> right = others.Lower(tile);
        for (int first = 0; first < Count; first += DotBlock.Rows)
        {
            Multiply(first, others, tile);
            for (int r = 0; r < Math.Min(DotBlock.Rows, Count - first); r++)
            {
                for (int half = 0; half < DotBlock.Lanes; half += Vector512<float>.Count)
                {
                    Vector512<float> products = Vector512.Create(_products.AsSpan((r * DotBlock.Lanes) + half));
                    Vector512<float> bound = Vector512.Create(_lower[first + r]) + Vector512.Create(right[half..]) - (products + products);
                    bound.CopyTo(bounds[(((first + r) * DotBlock.Lanes) + half)..]);
                }
            }
        }
    }

    private void Multiply(int first, PointTiles others, int tile) => DotBlock.Compute(
        _rows.AsSpan(first * _points.Dimension, DotBlock.Rows * _points.Dimension), DotBlock.Rows, others.Panel(tile), _points.Dimension, _products);

    private void Compare(int r, int own, PointTiles others, int tile, Radius radius, out uint sure, out uint open)
    {
        ReadOnlySpan<float> rightUpper = others.Upper(tile), rightLower = others.Lower(tile);
        Vector512<float> upper = Vector512.Create(_upper[own]), lower = Vector512.Create(_lower[own]);
        sure = 0;
        open = 0;
        for (int half = 0; half < DotBlock.Lanes; half += Vector512<float>.Count)
        {
            Vector512<float> products = Vector512.Create(_products.AsSpan((r * DotBlock.Lanes) + half));
            products += products;
            Vector512<float> most = upper + Vector512.Create(rightUpper[half..]) - products;
            Vector512<float> least = lower + Vector512.Create(rightLower[half..]) - products;
            sure |= (uint)Vector512.LessThanOrEqual(most, Vector512.Create(radius.SurelyWithin)).ExtractMostSignificantBits() << half;
            open |= (uint)Vector512.LessThanOrEqual(least, Vector512.Create(radius.PossiblyWithin)).ExtractMostSignificantBits() << half;
        }
    }
}
