using System.Numerics;
using CrossModalVae.Fourier;

namespace CrossModalVae.Projection;

/// <summary>The convolution of a G x G grid on a torus of M = 2G, where no point meets another around the back.</summary>
internal sealed class ForceSpectrum
{
    private static readonly int Lanes = Vector<float>.Count;

    private readonly LayoutLoops _loops;
    private readonly int _grid;
    private readonly int _width; // G + 1 rounded up to whole vectors
    private readonly ComplexLaneFft _fft;
    private readonly ObjectPool<SpectrumWork> _work;
    private readonly float[] _w; // [G + 1, width]: the transform of w, k2 by k1
    private readonly float[] _forceX; // times -i; odd in k1
    private readonly float[] _forceY; // times -i; odd in k2
    private readonly float[] _re; // [width, G] rows k1
    private readonly float[] _im;
    private readonly float[] _otherRe;
    private readonly float[] _otherIm;
    private readonly double[] _sums;

    public ForceSpectrum(int length, double spacing, LayoutLoops loops)
    {
        Length = length;
        Spacing = spacing;
        _loops = loops;
        _grid = length / 2;
        _width = (_grid + 1 + Lanes - 1) / Lanes * Lanes;
        _fft = new ComplexLaneFft(length);
        _work = new ObjectPool<SpectrumWork>(() => new SpectrumWork(length));
        _w = new float[(_grid + 1) * _width];
        _forceX = new float[_w.Length];
        _forceY = new float[_w.Length];
        _re = new float[_width * _grid];
        _im = new float[_re.Length];
        _otherRe = new float[_re.Length];
        _otherIm = new float[_re.Length];
        _sums = new double[_width / Lanes];
        TransformKernels();
    }

    public int Length { get; }

    public double Spacing { get; }

    /// <summary>The forces' grids; returns Z with every point's own w.</summary>
    public double Convolve(float[] grid, float[] fieldX, float[] fieldY)
    {
        _loops.For(_grid / (2 * Lanes), block => Columns(grid, block * 2 * Lanes));
        _loops.For(_width / Lanes, Rows);
        _loops.For(_grid / Lanes, block => ColumnsBack(fieldX, fieldY, block * Lanes));
        double z = 0;
        foreach (double sum in _sums)
        {
            z += sum;
        }

        return z / ((double)Length * Length);
    }

    // Two blocks of real columns as one of complex ones; their spectra part by symmetry. Only k1 = 0 .. G is kept: the rest mirrors it.
    private void Columns(float[] grid, int column)
    {
        SpectrumWork work = _work.Rent();
        for (int r = 0; r < _grid; r++)
        {
            ReadOnlySpan<float> row = grid.AsSpan(r * _grid, _grid);
            work.Re[r] = new Vector<float>(row[column..]);
            work.Im[r] = new Vector<float>(row[(column + Lanes)..]);
        }

        work.Re.AsSpan(_grid).Clear();
        work.Im.AsSpan(_grid).Clear();
        _fft.Transform(work);
        var half = new Vector<float>(0.5f);
        for (int k = 0; k <= _grid; k++)
        {
            int mirror = (Length - k) % Length;
            Vector<float> ar = work.Re[k], ai = work.Im[k], br = work.Re[mirror], bi = work.Im[mirror];
            int o = (k * _grid) + column;
            (half * (ar + br)).CopyTo(_re, o);
            (half * (ai - bi)).CopyTo(_im, o);
            (half * (ai + bi)).CopyTo(_re, o + Lanes);
            (half * (br - ar)).CopyTo(_im, o + Lanes);
        }

        _work.Return(work);
    }

    // Along rows: the spectrum, its share of Z, and the spectra of both forces on their way back.
    private void Rows(int block)
    {
        SpectrumWork work = _work.Rent();
        int first = block * Lanes;
        work.Gather(_re, _im, first, _grid);
        _fft.Transform(work);
        Vector<float> twice = Mirrored(first);
        double sum = 0;
        for (int k = 0; k < Length; k++)
        {
            bool upper = k > _grid;
            int o = ((upper ? Length - k : k) * _width) + first;
            Vector<float> re = work.Re[k], im = work.Im[k];
            sum += Vector.Sum(twice * new Vector<float>(_w, o) * ((re * re) + (im * im)));
            Vector<float> a = new(_forceX, o), b = new(_forceY, o);
            b = upper ? -b : b;

            // i a W, and i b W
            work.XRe[k] = -(a * im);
            work.XIm[k] = a * re;
            work.YRe[k] = -(b * im);
            work.YIm[k] = b * re;
        }

        _sums[block] = sum;
        work.Back(_fft, work.XRe, work.XIm);
        work.Scatter(_re, _im, first, _grid);
        work.Back(_fft, work.YRe, work.YIm);
        work.Scatter(_otherRe, _otherIm, first, _grid);
        _work.Return(work);
    }

    // Both forces are real: one is the real part, the other the imaginary part of what comes back.
    private void ColumnsBack(float[] fieldX, float[] fieldY, int column)
    {
        SpectrumWork work = _work.Rent();
        for (int k = 0; k <= _grid; k++)
        {
            int o = (k * _grid) + column;
            Vector<float> xr = new(_re, o), xi = new(_im, o), yr = new(_otherRe, o), yi = new(_otherIm, o);
            int mirror = (Length - k) % Length;
            work.Re[mirror] = xr + yi;
            work.Im[mirror] = yr - xi;
            work.Re[k] = xr - yi;
            work.Im[k] = xi + yr;
        }

        work.Exchange();
        _fft.Transform(work);
        work.Exchange();
        var scale = new Vector<float>(1f / Length / Length);
        for (int r = 0; r < _grid; r++)
        {
            (scale * work.Re[r]).CopyTo(fieldX, (r * _grid) + column);
            (scale * work.Im[r]).CopyTo(fieldY, (r * _grid) + column);
        }

        _work.Return(work);
    }

    // 2 for rows that also stand for their mirror, 1 for k1 = 0 and G, 0 beyond.
    private Vector<float> Mirrored(int first)
    {
        Span<float> twice = stackalloc float[Lanes];
        for (int l = 0; l < Lanes; l++)
        {
            int k = first + l;
            twice[l] = k > _grid ? 0 : k == 0 || k == _grid ? 1 : 2;
        }

        return new Vector<float>(twice);
    }

    // w + i dx w^2 over all offsets: w is even, so its transform is real and even; the force is real and odd, so its transform is imaginary
    // and odd. One transform therefore holds both, and they part by the sign of k1. Both are divided by the spline's symbol, once for the
    // spreading and once for the reading.
    private void TransformKernels()
    {
        int padded = (Length + Lanes - 1) / Lanes * Lanes;
        var re = new float[Length * padded]; // [k1, y]
        var im = new float[re.Length];
        _loops.For(padded / Lanes, block =>
        {
            SpectrumWork work = _work.Rent();
            Span<float> w = stackalloc float[Lanes];
            Span<float> force = stackalloc float[Lanes];
            for (int r = 0; r < Length; r++)
            {
                double dx = Offset(r);
                for (int l = 0; l < Lanes; l++)
                {
                    double dy = Offset(Math.Min((block * Lanes) + l, Length - 1));
                    double value = 1 / (1 + (dx * dx) + (dy * dy));
                    w[l] = (float)value;
                    force[l] = r == _grid ? 0 : (float)(dx * value * value);
                }

                work.Re[r] = new Vector<float>(w);
                work.Im[r] = new Vector<float>(force);
            }

            _fft.Transform(work);
            for (int k = 0; k < Length; k++)
            {
                work.Re[k].CopyTo(re, (k * padded) + (block * Lanes));
                work.Im[k].CopyTo(im, (k * padded) + (block * Lanes));
            }

            _work.Return(work);
        });

        double[] symbol = [.. Enumerable.Range(0, _grid + 1).Select(k => Math.Pow((4 + (2 * Math.Cos(2 * Math.PI * k / Length))) / 6, -2))];
        _loops.For(_width / Lanes, block =>
        {
            SpectrumWork work = _work.Rent();
            int first = block * Lanes;
            for (int side = 0; side < 2; side++)
            {
                for (int l = 0; l < Lanes; l++)
                {
                    int k1 = Math.Min(first + l, _grid);
                    work.SetLane(l, re, im, (side == 0 ? k1 : (Length - k1) % Length) * padded, Length);
                }

                _fft.Transform(work);
                for (int k2 = 0; k2 <= _grid; k2++)
                {
                    for (int l = 0; l < Lanes && first + l <= _grid; l++)
                    {
                        int k1 = first + l;
                        int o = (k2 * _width) + k1;
                        double scale = 0.5 * symbol[k1] * symbol[k2];
                        float value = work.Re[k2][l];
                        _w[o] += (float)(scale * value);
                        _forceX[o] += (float)((side == 0 ? -scale : scale) * value);
                    }
                }
            }

            _work.Return(work);
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
}
