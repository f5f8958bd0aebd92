using System.Numerics;
using System.Numerics.Tensors;

namespace CrossModalVae.Projection;

/// <summary>
/// Repulsion through a grid in O(N + M^2 log M): points are spread over the nodes of a grid by cubic B-splines, the grid is convolved with
/// the force and with w by Fourier transforms, and the forces are read off by the same splines. The idea is FIt-SNE's (Linderman et al.
/// 2019, interpolation by convolution); three things differ: B-splines with a prefiltered kernel take the place of piecewise Lagrange
/// polynomials (smooth forces, and a third of the error at the same spacing), the odd force kernel is convolved itself, so one charge a
/// point does instead of four, and Z is a sum over the spectrum and needs no transform back.
/// </summary>
internal sealed class GridRepulsion : IRepulsion
{
    private const int BlockSize = 1024;

    // Nodes around the outermost points: the spline's own, and those over which the prefilter of the kernel fades (0.27 a node).
    private const int Margin = 12;
    private const int SmallestLength = 256;
    private const int LargestLength = 4096;

    private readonly LayoutLoops _loops;
    private readonly double _spacing;
    private float[] _grid = []; // [G, G], x by y
    private float[] _fieldX = [];
    private float[] _fieldY = [];
    private GridConvolution? _convolution;

    /// <param name="spacing">Distance of nodes where the layout is wide; less where it is small.</param>
    /// <param name="loops">Who does the work.</param>
    public GridRepulsion(double spacing, LayoutLoops loops)
    {
        _spacing = spacing;
        _loops = loops;
    }

    public double Compute(float[] x, float[] y, float[] forceX, float[] forceY)
    {
        (float left, float right) = Range(x);
        (float bottom, float top) = Range(y);
        (int length, double spacing) = Choose(Math.Max((double)right - left, (double)top - bottom));
        if (_convolution is null || _convolution.Spacing != spacing || _convolution.Length < length || _convolution.Length > 2 * length)
        {
            if (_grid.Length != length / 2 * (length / 2))
            {
                _grid = new float[length / 2 * (length / 2)];
                _fieldX = new float[_grid.Length];
                _fieldY = new float[_grid.Length];
            }

            _convolution = new GridConvolution(length, spacing, _loops);
        }

        // Centred, so that what the prefilter's fading leaves over is shared by both sides.
        var places = new GridPlaces(_convolution.Length / 2, spacing, (left + right) / 2.0, (bottom + top) / 2.0);
        Array.Clear(_grid);
        Spread(places, x, y);
        double z = _convolution.Convolve(_grid, _fieldX, _fieldY);
        _loops.ForBlocks(x.Length, BlockSize, (_, first, end) => Gather(places, x, y, forceX, forceY, first, end));
        return z - x.Length;
    }

    // The coarsest grid that is fine enough: the spacing asked for, halved while the layout fills less than the smallest grid.
    private (int Length, double Spacing) Choose(double span)
    {
        double spacing = _spacing;
        int Needed() => (int)Math.Min(int.MaxValue / 4, Math.Ceiling(span / spacing)) + Margin;
        while (span > 0 && Needed() <= ((SmallestLength / 2) + Margin) / 2)
        {
            spacing /= 2;
        }

        while (2 * Needed() > LargestLength)
        {
            spacing *= 2;
        }

        int length = SmallestLength;
        while (length < 2 * Needed())
        {
            length = BitOperations.IsPow2(length) ? length / 2 * 3 : length / 3 * 4;
        }

        return (length, spacing);
    }

    // In the order of points and on one thread: it is a small part of the whole, and sums must not depend on threads.
    private void Spread(GridPlaces places, float[] x, float[] y)
    {
        int size = places.Size;
        Span<float> wx = stackalloc float[4];
        Span<float> wy = stackalloc float[4];
        for (int i = 0; i < x.Length; i++)
        {
            int node = places.Weights(x[i], y[i], wx, wy);
            for (int a = 0; a < 4; a++)
            {
                Span<float> row = _grid.AsSpan(node + (a * size), 4);
                row[0] += wx[a] * wy[0];
                row[1] += wx[a] * wy[1];
                row[2] += wx[a] * wy[2];
                row[3] += wx[a] * wy[3];
            }
        }
    }

    private void Gather(GridPlaces places, float[] x, float[] y, float[] forceX, float[] forceY, int first, int end)
    {
        int size = places.Size;
        Span<float> wx = stackalloc float[4];
        Span<float> wy = stackalloc float[4];
        for (int i = first; i < end; i++)
        {
            int node = places.Weights(x[i], y[i], wx, wy);
            float fx = 0, fy = 0;
            for (int a = 0; a < 4; a++)
            {
                ReadOnlySpan<float> rowX = _fieldX.AsSpan(node + (a * size), 4);
                ReadOnlySpan<float> rowY = _fieldY.AsSpan(node + (a * size), 4);
                fx += wx[a] * ((wy[0] * rowX[0]) + (wy[1] * rowX[1]) + (wy[2] * rowX[2]) + (wy[3] * rowX[3]));
                fy += wx[a] * ((wy[0] * rowY[0]) + (wy[1] * rowY[1]) + (wy[2] * rowY[2]) + (wy[3] * rowY[3]));
            }

            forceX[i] = fx;
            forceY[i] = fy;
        }
    }

    private static (float Low, float High) Range(float[] values) =>
        (TensorPrimitives.Min<float>(values), TensorPrimitives.Max<float>(values));
}
