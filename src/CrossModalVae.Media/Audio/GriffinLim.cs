using CrossModalVae.Fourier;

namespace CrossModalVae.Audio;

/// <summary>
/// A signal whose short-time Fourier magnitudes are as near as can be found to those given: the fast Griffin-Lim algorithm (Perraudin,
/// Balazs, Søndergaard 2013, "A fast Griffin-Lim algorithm", algorithm 2; without momentum Griffin and Lim 1984). With c the coefficients,
/// s the magnitudes: t_n = STFT(ISTFT(s c_{n-1} / |c_{n-1}|)), c_n = t_n + alpha (t_n - t_{n-1}). The inverse is the least-squares one
/// (Griffin and Lim 1984, equation 6). Computed in double precision; immutable, and the same bits for every thread count.
/// </summary>
internal sealed class GriffinLim
{
    /// <summary>The momentum alpha that the paper finds best.</summary>
    public const double StandardMomentum = 0.99;

    // At a signal's ends only the tails of windows reach, and dividing by their squares would raise every error: there it fades.
    private const double SmallestOverlap = 0.05; // of the largest

    private static readonly int LaneCount = Lanes256<double>.Count;

    private readonly double[] _window;
    private readonly int _hop;
    private readonly int _length;
    private readonly ComplexFft<Lanes256<double>, double> _fft;

    /// <summary>Frames of the window's length, hop samples apart, zero-padded to the transform's length.</summary>
    public GriffinLim(double[] window, int hopSamples, int fftLength)
    {
        (_window, _hop, _length) = (window, hopSamples, fftLength);
        _fft = new ComplexFft<Lanes256<double>, double>(fftLength);
    }

    private int BinCount => (_length / 2) + 1;

    /// <summary>The signal, of (frames - 1) hop + window samples.</summary>
    /// <param name="magnitudes">s, [frames, fft / 2 + 1], at least 0.</param>
    /// <param name="phases">Where the phases start, in radians, [frames, fft / 2 + 1].</param>
    /// <param name="iterations">n, at least 0.</param>
    /// <param name="momentum">alpha, from 0 (Griffin and Lim 1984) to about 1.</param>
    /// <param name="convergence">Receives after each iteration ||(|t_n| - s)|| / ||s||, the spectral convergence.</param>
    /// <param name="cancellationToken">Ends the work between iterations.</param>
    public float[] Run(
        ReadOnlySpan<float> magnitudes,
        ReadOnlySpan<double> phases,
        int iterations,
        double momentum = StandardMomentum,
        Action<double>? convergence = null,
        CancellationToken cancellationToken = default)
    {
        int frames = magnitudes.Length / BinCount;
        var c = new Coefficients(magnitudes.Length); // [frames, bins]
        for (int i = 0; i < magnitudes.Length; i++)
        {
            (double sine, double cosine) = Math.SinCos(phases[i]);
            (c.Re[i], c.Im[i]) = (magnitudes[i] * cosine, magnitudes[i] * sine);
        }

        var t = new Coefficients(magnitudes.Length); // [frames, bins]
        var signal = new double[((frames - 1) * _hop) + _window.Length];
        double[] overlap = Overlap(frames, signal.Length);
        for (int n = 0; n < iterations; n++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Synthesise(c, frames, overlap, signal);
            double error = Analyse(signal, frames, magnitudes, n == 0 ? 0 : momentum, t, c);
            convergence?.Invoke(error);
        }

        Synthesise(c, frames, overlap, signal);
        return [.. signal.Select(x => (float)x)];
    }

    // Sum of the squared windows over every sample.
    private double[] Overlap(int frames, int count)
    {
        var overlap = new double[count];
        for (int frame = 0; frame < frames; frame++)
        {
            for (int n = 0; n < _window.Length; n++)
            {
                overlap[(frame * _hop) + n] += _window[n] * _window[n];
            }
        }

        return overlap;
    }

    // The least-squares signal of coefficients; two frames a lane, as real and imaginary part.
    private void Synthesise(Coefficients c, int frames, double[] overlap, double[] signal)
    {
        double[] re = new double[_length * LaneCount], im = new double[_length * LaneCount]; // [fft, lanes]
        ReadOnlySpan<int> places = _fft.Places;
        Array.Clear(signal);
        for (int first = 0; first < frames; first += 2 * LaneCount)
        {
            for (int lane = 0; lane < LaneCount; lane++)
            {
                int a = first + (2 * lane), b = a + 1;
                for (int k = 0; k < BinCount; k++)
                {
                    bool real = k == 0 || 2 * k == _length; // bins that are real in a real signal
                    (double ar, double ai) = c.At(a, k, BinCount, frames, real);
                    (double br, double bi) = c.At(b, k, BinCount, frames, real);
                    int at = (k * LaneCount) + lane, mirrored = ((_length - k) % _length * LaneCount) + lane;
                    (re[mirrored], im[mirrored]) = (ar + bi, br - ai);
                    (re[at], im[at]) = (ar - bi, ai + br);
                }
            }

            _fft.Forward(im, re); // the inverse, times the length
            for (int lane = 0; lane < LaneCount; lane++)
            {
                Add(re, first + (2 * lane), lane, places);
                Add(im, first + (2 * lane) + 1, lane, places);
            }
        }

        double least = SmallestOverlap * overlap.Max();
        for (int n = 0; n < signal.Length; n++)
        {
            signal[n] /= Math.Max(overlap[n], least);
        }

        void Add(double[] part, int frame, int lane, ReadOnlySpan<int> places)
        {
            for (int n = 0; frame < frames && n < _window.Length; n++)
            {
                signal[(frame * _hop) + n] += _window[n] * part[places[n] + lane] / _length;
            }
        }
    }

    // t_n of the signal, then c_n with the magnitudes s; returns how far |t_n| is from s.
    private double Analyse(
        double[] signal, int frames, ReadOnlySpan<float> magnitudes, double momentum, Coefficients t, Coefficients c)
    {
        double[] re = new double[_length * LaneCount], im = new double[_length * LaneCount]; // [fft, lanes]
        ReadOnlySpan<int> places = _fft.Places;
        double errors = 0, squares = 0;
        for (int first = 0; first < frames; first += 2 * LaneCount)
        {
            Array.Clear(re);
            Array.Clear(im);
            for (int lane = 0; lane < LaneCount; lane++)
            {
                int a = first + (2 * lane), b = a + 1;
                for (int n = 0; n < _window.Length; n++)
                {
                    int at = (n * LaneCount) + lane;
                    re[at] = a < frames ? _window[n] * signal[(a * _hop) + n] : 0;
                    im[at] = b < frames ? _window[n] * signal[(b * _hop) + n] : 0;
                }
            }

            _fft.Forward(re, im);
            for (int frame = first; frame < Math.Min(frames, first + (2 * LaneCount)); frame++)
            {
                int lane = (frame - first) / 2;
                bool isReal = (frame - first) % 2 == 0;
                for (int k = 0; k < BinCount; k++)
                {
                    int p = places[k] + lane, q = places[(_length - k) % _length] + lane, i = (frame * BinCount) + k;
                    double tr = isReal ? (re[p] + re[q]) / 2 : (im[p] + im[q]) / 2;
                    double ti = isReal ? (im[p] - im[q]) / 2 : (re[q] - re[p]) / 2;
                    double s = magnitudes[i], off = Math.Sqrt((tr * tr) + (ti * ti)) - s;
                    errors += off * off;
                    squares += s * s;
                    double cr = tr + (momentum * (tr - t.Re[i])), ci = ti + (momentum * (ti - t.Im[i]));
                    (t.Re[i], t.Im[i]) = (tr, ti);
                    double size = Math.Sqrt((cr * cr) + (ci * ci));
                    (c.Re[i], c.Im[i]) = size > 0 ? (s * cr / size, s * ci / size) : (s, 0);
                }
            }
        }

        return squares > 0 ? Math.Sqrt(errors / squares) : 0;
    }

    private sealed class Coefficients(int count)
    {
        public double[] Re { get; } = new double[count];

        public double[] Im { get; } = new double[count];

        public (double Re, double Im) At(int frame, int k, int bins, int frames, bool real) =>
            frame >= frames ? (0, 0) : (Re[(frame * bins) + k], real ? 0 : Im[(frame * bins) + k]);
    }
}
