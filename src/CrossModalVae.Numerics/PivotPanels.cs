using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace CrossModalVae.Numerics;

/// <summary>
/// Some of the points, to find of every point the nearest of them. In single precision; what lies between two may go to either.
/// </summary>
internal sealed class PivotPanels
{
    private readonly float[] _points;
    private readonly int _dimension;
    private readonly float[] _panels; // [pivots / 32, D, 32]
    private readonly float[] _halves; // [pivots], half the squared lengths

    /// <summary>Packs pivots.</summary>
    /// <param name="points">[N, D] row-major.</param>
    /// <param name="dimension">D.</param>
    /// <param name="pivots">Rows, a multiple of 32 of them.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public PivotPanels(float[] points, int dimension, int[] pivots)
    {
        (_points, _dimension) = (points, dimension);
        _panels = new float[pivots.Length * dimension];
        _halves = new float[pivots.Length];
        for (int i = 0; i < pivots.Length; i++)
        {
            int panel = i / DotBlock.Lanes * DotBlock.Lanes * dimension;
            ReadOnlySpan<float> pivot = points.AsSpan(pivots[i] * dimension, dimension);
            for (int d = 0; d < dimension; d++)
            {
                _panels[panel + (d * DotBlock.Lanes) + (i % DotBlock.Lanes)] = pivot[d];
                _halves[i] += pivot[d] * pivot[d] / 2;
            }
        }
    }

    /// <summary>Memory for one thread: 8 rows, turned, and their products with 32 pivots.</summary>
    public float[] Scratch() => new float[DotBlock.Rows * (_dimension + DotBlock.Lanes)];

    /// <summary>Finds the nearest pivots of up to 8 points.</summary>
    /// <param name="first">The first point.</param>
    /// <param name="scratch">From <see cref="Scratch"/>.</param>
    /// <param name="nearest">[N] receives their pivots, by their place among the pivots.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Nearest(int first, float[] scratch, int[] nearest)
    {
        Span<float> rows = scratch.AsSpan(0, DotBlock.Rows * _dimension),
            products = scratch.AsSpan(DotBlock.Rows * _dimension); // [D, 8], [8, 32]
        int count = Math.Min(DotBlock.Rows, nearest.Length - first);
        for (int r = 0; r < count; r++)
        {
            ReadOnlySpan<float> point = _points.AsSpan((first + r) * _dimension, _dimension);
            for (int d = 0; d < point.Length; d++)
            {
                rows[(d * DotBlock.Rows) + r] = point[d];
            }
        }

        Span<float> best = stackalloc float[DotBlock.Rows];
        best.Fill(float.NegativeInfinity);
        for (int pivot = 0; pivot < _halves.Length; pivot += DotBlock.Lanes)
        {
            DotBlock.Compute(rows, DotBlock.Rows, _panels.AsSpan(pivot * _dimension, DotBlock.Lanes * _dimension), _dimension, products);
            for (int r = 0; r < count; r++)
            {
                ReadOnlySpan<float> own = products.Slice(r * DotBlock.Lanes, DotBlock.Lanes),
                    halves = _halves.AsSpan(pivot, DotBlock.Lanes);
                Vector512<float> low = Vector512.Create(own) - Vector512.Create(halves),
                    high = Vector512.Create(own[16..]) - Vector512.Create(halves[16..]);
                Vector512<float> most = Vector512.Max(low, high);
                if (!Vector512.GreaterThanAny(most, Vector512.Create(best[r])))
                {
                    continue;
                }

                for (int lane = 0; lane < DotBlock.Lanes; lane++)
                {
                    float nearness = own[lane] - halves[lane];
                    if (nearness > best[r])
                    {
                        (best[r], nearest[first + r]) = (nearness, pivot + lane);
                    }
                }
            }
        }
    }
}
