using System.Numerics;
using System.Numerics.Tensors;

namespace CrossModalVae.Projection;

/// <summary>
/// Repulsion through a grid in O(N + M^2 log M): points are spread over the nodes of a grid by cubic B-splines, the grid is convolved with
/// the force and with w by Fourier transforms, and the forces are interpolated by the same splines. This is FIt-SNE's method (Linderman et
/// al. 2019) with three differences: B-splines with a prefiltered kernel instead of piecewise Lagrange polynomials (smooth forces, and a
/// third of the error at the same spacing); the odd force kernel is convolved directly, with one charge per point instead of four; Z is a
/// sum over the spectrum without an inverse transform.
/// </summary>
/// <param name="maxSpacing">Distance of nodes where the layout is wide; less where it is small.</param>
/// <param name="loops">Workers and cancellation.</param>
internal sealed class GridRepulsion(double maxSpacing, LayoutLoops loops) : IRepulsion
{
    private const int BlockSize = 1024;

    // Nodes around the outermost points: the spline's own, and those over which the kernel's prefilter decays (0.27 per node).
    private const int Margin = 12;
    private const int SmallestLength = 256;
    private const int LargestLength = 4096;
    private const double FinestSpacing = 1.0 / (1 << 16); // of the largest coordinate: 256 single-precision steps a node

    private float[] _grid = []; // [G, G], x by y
    private float[] _fieldX = [];
    private float[] _fieldY = [];
    private GridConvolution? _convolution;

    public double Compute(float[] x, float[] y, float[] forceX, float[] forceY)
    {
        float left = TensorPrimitives.Min<float>(x), right = TensorPrimitives.Max<float>(x);
        float bottom = TensorPrimitives.Min<float>(y), top = TensorPrimitives.Max<float>(y);
        double largest = Math.Max(Math.Max(-(double)left, right), Math.Max(-(double)bottom, top));
        (int length, double spacing) = Choose(Math.Max((double)right - left, (double)top - bottom), largest * FinestSpacing);
        if (_convolution is null || _convolution.Spacing != spacing || _convolution.Length < length || _convolution.Length > 2 * length)
        {
            if (_grid.Length != length / 2 * (length / 2))
            {
                _grid = new float[length / 2 * (length / 2)];
                _fieldX = new float[_grid.Length];
                _fieldY = new float[_grid.Length];
            }

            _convolution = new GridConvolution(length, spacing, loops);
        }

        // Centred, so that both sides share what is left of the prefilter's decay.
        var places = new GridPlaces(_convolution.Length / 2, spacing, (left + right) / 2.0, (bottom + top) / 2.0);
        Array.Clear(_grid);
        Spread(places, x, y);
        double z = _convolution.Convolve(_grid, _fieldX, _fieldY);
        loops.ForBlocks(x.Length, BlockSize, (_, first, end) => Gather(places, x, y, forceX, forceY, first, end));
        return z - x.Length;
    }

    // The coarsest grid that is fine enough: the spacing asked for, halved while the layout fills less than the smallest grid, and while
    // single precision can tell places on it apart: the layout of points without structure shrinks to a speck far smaller than its distance
    // from the origin.
    private (int Length, double Spacing) Choose(double span, double least)
    {
        double spacing = maxSpacing;
        int Needed() => (int)Math.Min(int.MaxValue / 4, Math.Ceiling(span / spacing)) + Margin;
        while (spacing / 2 > least && span > 0 && Needed() <= ((SmallestLength / 2) + Margin) / 2)
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

    // In the order of points on one thread: it is a small part of the whole, and sums must not depend on threads.
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
}

/// <summary>The positions of points on the grid.</summary>
internal readonly struct GridPlaces(int size, double spacing, double centreX, double centreY)
{
    private readonly float _scale = (float)(1 / spacing);
    private readonly float _centreX = (float)centreX;
    private readonly float _centreY = (float)centreY;

    public int Size => size;

    /// <summary>The first of a point's 4 x 4 nodes, and their weights.</summary>
    public int Weights(float x, float y, Span<float> wx, Span<float> wy)
    {
        float u = ((x - _centreX) * _scale) + (size / 2);
        float v = ((y - _centreY) * _scale) + (size / 2);
        int row = (int)u, column = (int)v;
        Spline(u - row, wx);
        Spline(v - column, wy);
        return ((row - 1) * size) + column - 1;
    }

    private static void Spline(float t, Span<float> w)
    {
        const float Sixth = 1f / 6;
        float s = 1 - t, t2 = t * t, s2 = s * s;
        w[0] = Sixth * s2 * s;
        w[1] = (2f / 3) - (t2 * (1 - (0.5f * t)));
        w[2] = (2f / 3) - (s2 * (1 - (0.5f * s)));
        w[3] = Sixth * t2 * t;
    }
}
