using System.Runtime.Intrinsics;
using CrossModalVae.Fourier;

namespace CrossModalVae.Projection;

/// <summary>
/// The convolution of a G x G grid with t-SNE's forces by Fourier transforms of M = 2G points an axis, so that nothing wraps around.
/// </summary>
internal sealed class GridConvolution
{
    private const int Lanes = 8; // Vector256<float>

    private readonly LayoutLoops _loops;
    private readonly int _grid;
    private readonly int _width; // G + 1 rounded up to whole vectors
    private readonly ComplexFft<Lanes256<float>, float> _fft;
    private readonly ObjectPool<Buffers> _pool;
    private readonly float[] _w; // [G + 1, width]: the transform of w, k2 by k1
    private readonly float[] _forceX; // times -i; odd in k1
    private readonly float[] _forceY; // times -i; odd in k2
    private readonly float[] _re; // [width, G] rows k1
    private readonly float[] _im;
    private readonly float[] _otherRe;
    private readonly float[] _otherIm;
    private readonly double[] _sums;

    public GridConvolution(int length, double spacing, LayoutLoops loops)
    {
        (Length, Spacing, _loops) = (length, spacing, loops);
        _grid = length / 2;
        _width = (_grid + 1 + Lanes - 1) / Lanes * Lanes;
        _fft = new ComplexFft<Lanes256<float>, float>(length);
        _pool = new ObjectPool<Buffers>(() => new Buffers(Buffer(), Buffer(), Buffer(), Buffer(), Buffer(), Buffer()));
        _w = new float[(_grid + 1) * _width];
        _forceX = new float[_w.Length];
        _forceY = new float[_w.Length];
        _re = new float[_width * _grid];
        _im = new float[_re.Length];
        _otherRe = new float[_re.Length];
        _otherIm = new float[_re.Length];
        _sums = new double[_width / Lanes];
        TransformKernels();
        AlignedBuffer<float> Buffer() => new(length * Lanes);
    }

    public int Length { get; }

    public double Spacing { get; }

    /// <summary>Fills the grids of both forces; returns Z with every point's own w.</summary>
    public double Convolve(float[] grid, float[] fieldX, float[] fieldY)
    {
        For(_grid / (2 * Lanes), (block, buffers) => Columns(grid, block * 2 * Lanes, buffers));
        For(_width / Lanes, Rows);
        For(_grid / Lanes, (block, buffers) => ColumnsBack(fieldX, fieldY, block * Lanes, buffers));
        return _sums.Sum() / ((double)Length * Length);
    }

    private void For(int count, Action<int, Buffers> body) => _loops.For(count, block =>
    {
        Buffers buffers = _pool.Rent();
        body(block, buffers);
        _pool.Return(buffers);
    });

    // Two blocks of real columns go as one of complex ones; their spectra part by symmetry. Only k1 = 0 .. G is kept: the rest mirrors it.
    private void Columns(float[] grid, int column, Buffers buffers)
    {
        Span<float> re = buffers.Re.Span, im = buffers.Im.Span;
        for (int r = 0; r < _grid; r++)
        {
            ReadOnlySpan<float> row = grid.AsSpan((r * _grid) + column, 2 * Lanes);
            row[..Lanes].CopyTo(re[(r * Lanes)..]);
            row[Lanes..].CopyTo(im[(r * Lanes)..]);
        }

        re[(_grid * Lanes)..].Clear();
        im[(_grid * Lanes)..].Clear();
        _fft.Forward(re, im);
        Vector256<float> half = Vector256.Create(0.5f);
        for (int k = 0; k <= _grid; k++)
        {
            int place = _fft.Places[k], mirror = _fft.Places[(Length - k) % Length];
            Vector256<float> ar = At(re, place), ai = At(im, place), br = At(re, mirror), bi = At(im, mirror);
            int o = (k * _grid) + column;
            (half * (ar + br)).CopyTo(_re, o);
            (half * (ai - bi)).CopyTo(_im, o);
            (half * (ai + bi)).CopyTo(_re, o + Lanes);
            (half * (br - ar)).CopyTo(_im, o + Lanes);
        }
    }

    // Along rows: the spectrum, its share of Z, and the spectra of both forces on their way back.
    private void Rows(int block, Buffers buffers)
    {
        int first = block * Lanes;
        Span<float> re = buffers.Re.Span, im = buffers.Im.Span;
        Span<float> xRe = buffers.XRe.Span, xIm = buffers.XIm.Span, yRe = buffers.YRe.Span, yIm = buffers.YIm.Span;
        for (int lane = 0; lane < Lanes; lane++)
        {
            buffers.SetLane(lane, _re, _im, (first + lane) * _grid, _grid);
        }

        re[(_grid * Lanes)..].Clear();
        im[(_grid * Lanes)..].Clear();
        _fft.Forward(re, im);
        Vector256<float> twice = Mirrored(first);
        double sum = 0;
        for (int k = 0; k < Length; k++)
        {
            bool isUpper = k > _grid;
            int o = ((isUpper ? Length - k : k) * _width) + first, place = _fft.Places[k];
            Vector256<float> r = At(re, place), m = At(im, place);
            sum += Vector256.Sum(twice * At(_w, o) * ((r * r) + (m * m)));
            Vector256<float> a = At(_forceX, o), b = isUpper ? -At(_forceY, o) : At(_forceY, o);

            // i a W, and i b W
            (-(a * m)).CopyTo(xRe[(k * Lanes)..]);
            (a * r).CopyTo(xIm[(k * Lanes)..]);
            (-(b * m)).CopyTo(yRe[(k * Lanes)..]);
            (b * r).CopyTo(yIm[(k * Lanes)..]);
        }

        _sums[block] = sum;
        _fft.Forward(xIm, xRe);
        Scatter(xRe, _re, first);
        Scatter(xIm, _im, first);
        _fft.Forward(yIm, yRe);
        Scatter(yRe, _otherRe, first);
        Scatter(yIm, _otherIm, first);
    }

    // Both forces are real: one is the real part, the other the imaginary part of what comes back.
    private void ColumnsBack(float[] fieldX, float[] fieldY, int column, Buffers buffers)
    {
        Span<float> re = buffers.Re.Span, im = buffers.Im.Span;
        for (int k = 0; k <= _grid; k++)
        {
            int o = (k * _grid) + column, mirror = (Length - k) % Length;
            Vector256<float> xr = At(_re, o), xi = At(_im, o), yr = At(_otherRe, o), yi = At(_otherIm, o);
            (xr + yi).CopyTo(re[(mirror * Lanes)..]);
            (yr - xi).CopyTo(im[(mirror * Lanes)..]);
            (xr - yi).CopyTo(re[(k * Lanes)..]);
            (xi + yr).CopyTo(im[(k * Lanes)..]);
        }

        _fft.Forward(im, re);
        Vector256<float> scale = Vector256.Create(1f / Length / Length);
        for (int r = 0; r < _grid; r++)
        {
            (scale * At(re, _fft.Places[r])).CopyTo(fieldX, (r * _grid) + column);
            (scale * At(im, _fft.Places[r])).CopyTo(fieldY, (r * _grid) + column);
        }
    }

    private static Vector256<float> At(ReadOnlySpan<float> values, int place) => Vector256.Create(values[place..]);

    // The lanes become rows again: row first + lane of [width, G].
    private void Scatter(ReadOnlySpan<float> lanes, float[] rows, int first)
    {
        ReadOnlySpan<int> places = _fft.Places[.._grid];
        for (int lane = 0; lane < Lanes; lane++)
        {
            Span<float> row = rows.AsSpan((first + lane) * _grid, _grid);
            for (int c = 0; c < places.Length && c < row.Length; c++)
            {
                row[c] = lanes[places[c] + lane];
            }
        }
    }

    // 2 for rows that also stand for their mirror, 1 for k1 = 0 and G, 0 beyond.
    private Vector256<float> Mirrored(int first) => Vector256.Create<float>(
        [.. Enumerable.Range(first, Lanes).Select(k => k > _grid ? 0f : k == 0 || k == _grid ? 1 : 2)]);

    // w + i dx w^2 over all offsets: w is even, so its transform is real and even; the force is real and odd, so its transform is imaginary
    // and odd. One transform therefore holds both, and they part by the sign of k1. Both are divided by the spline's symbol, once for the
    // spreading and once for the reading.
    private void TransformKernels()
    {
        var re = new float[Length * Length]; // [k1, y]
        var im = new float[re.Length];
        For(Length / Lanes, (block, buffers) =>
        {
            Span<float> w = buffers.Re.Span, force = buffers.Im.Span;
            for (int r = 0; r < Length; r++)
            {
                double dx = Offset(r);
                for (int l = 0; l < Lanes; l++)
                {
                    double dy = Offset((block * Lanes) + l);
                    double value = 1 / (1 + (dx * dx) + (dy * dy));
                    w[(r * Lanes) + l] = (float)value;
                    force[(r * Lanes) + l] = r == _grid ? 0 : (float)(dx * value * value);
                }
            }

            _fft.Forward(w, force);
            for (int k = 0; k < Length; k++)
            {
                At(w, _fft.Places[k]).CopyTo(re, (k * Length) + (block * Lanes));
                At(force, _fft.Places[k]).CopyTo(im, (k * Length) + (block * Lanes));
            }
        });

        double[] symbol = [.. Enumerable.Range(0, _grid + 1).Select(k => Math.Pow((4 + (2 * Math.Cos(2 * Math.PI * k / Length))) / 6, -2))];
        For(_width / Lanes, (block, buffers) =>
        {
            int first = block * Lanes;
            for (int side = 0; side < 2; side++)
            {
                for (int l = 0; l < Lanes; l++)
                {
                    int k1 = Math.Min(first + l, _grid);
                    buffers.SetLane(l, re, im, (side == 0 ? k1 : (Length - k1) % Length) * Length, Length);
                }

                _fft.Forward(buffers.Re.Span, buffers.Im.Span);
                for (int k2 = 0; k2 <= _grid; k2++)
                {
                    for (int l = 0; l < Lanes && first + l <= _grid; l++)
                    {
                        int k1 = first + l;
                        int o = (k2 * _width) + k1;
                        double scale = 0.5 * symbol[k1] * symbol[k2];
                        float value = buffers.Re.Span[_fft.Places[k2] + l];
                        _w[o] += (float)(scale * value);
                        _forceX[o] += (float)((side == 0 ? -scale : scale) * value);
                    }
                }
            }
        });
        for (int k2 = 0; k2 <= _grid; k2++)
        {
            for (int k1 = 0; k1 <= _grid; k1++)
            {
                _forceY[(k2 * _width) + k1] = _forceX[(k1 * _width) + k2];
            }
        }
    }

    private double Offset(int index) => (index <= _grid ? index : index - Length) * Spacing;

    /// <summary>One worker's buffers, [length, lanes] each.</summary>
    private sealed record Buffers(
        AlignedBuffer<float> Re,
        AlignedBuffer<float> Im,
        AlignedBuffer<float> XRe,
        AlignedBuffer<float> XIm,
        AlignedBuffer<float> YRe,
        AlignedBuffer<float> YIm)
    {
        /// <summary>A row of a matrix becomes a lane of Re and Im.</summary>
        public void SetLane(int lane, float[] re, float[] im, int start, int count)
        {
            Span<float> toRe = Re.Span, toIm = Im.Span;
            ReadOnlySpan<float> fromRe = re.AsSpan(start, count), fromIm = im.AsSpan(start, count);
            for (int c = 0, o = lane; c < fromRe.Length; c++, o += Lanes)
            {
                toRe[o] = fromRe[c];
                toIm[o] = fromIm[c];
            }
        }
    }
}
