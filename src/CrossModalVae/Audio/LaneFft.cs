using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace CrossModalVae.Audio;

/// <summary>
/// The Fourier transform of several real frames at once, one frame a SIMD lane: half as many complex points (even samples real, odd
/// imaginary), a Stockham radix-4 transform, then the split into the spectrum of the real frames. No lane sees another and nothing is fused, so a
/// frame's spectrum has the same bits for every SIMD width. Immutable; buffers belong to the caller.
/// </summary>
internal sealed class LaneFft
{
    private readonly int _half;
    private readonly float[] _cos;
    private readonly float[] _sin;
    private readonly float[] _splitCos;
    private readonly float[] _splitSin;

    /// <param name="length">A power of two, at least 4.</param>
    public LaneFft(int length)
    {
        if (length < 4 || !BitOperations.IsPow2(length))
        {
            throw new ArgumentOutOfRangeException(nameof(length), $"'length' is {length}; must be a power of two, at least 4.");
        }

        Length = length;
        _half = length / 2;
        (_cos, _sin) = Twiddles(_half, _half);
        (_splitCos, _splitSin) = Twiddles((_half / 2) + 1, length);
    }

    /// <summary>Samples of a frame.</summary>
    public int Length { get; }

    /// <summary>Work buffers of one transform: [half] complex numbers of all lanes, twice.</summary>
    public sealed class Buffers(LaneFft fft)
    {
        public Vector<float>[] Re { get; private set; } = new Vector<float>[fft._half];

        public Vector<float>[] Im { get; private set; } = new Vector<float>[fft._half];

        public Vector<float>[] OtherRe { get; private set; } = new Vector<float>[fft._half];

        public Vector<float>[] OtherIm { get; private set; } = new Vector<float>[fft._half];

        public void Swap()
        {
            (Re, OtherRe) = (OtherRe, Re);
            (Im, OtherIm) = (OtherIm, Im);
        }
    }

    /// <summary>Magnitudes of the frames in the buffers (Re: even samples, Im: odd ones), which are used up.</summary>
    /// <param name="buffers">The frames.</param>
    /// <param name="magnitudes">[Length / 2 + 1] bins of all lanes.</param>
    public void Magnitudes(Buffers buffers, Span<Vector<float>> magnitudes)
    {
        int n = _half;
        int stride = 1;
        for (; n >= 4; n /= 4, stride *= 4)
        {
            Radix4(buffers, n, stride);
            buffers.Swap();
        }

        if (n == 2)
        {
            Radix2(buffers, stride);
            buffers.Swap();
        }

        Split(buffers.Re, buffers.Im, magnitudes);
    }

    private static (float[] Cos, float[] Sin) Twiddles(int count, int period)
    {
        var cos = new float[count];
        var sin = new float[count];
        for (int i = 0; i < count; i++)
        {
            (double s, double c) = Math.SinCos(-2 * Math.PI * i / period);
            cos[i] = (float)c;
            sin[i] = (float)s;
        }

        return (cos, sin);
    }

    // One pass of Stockham's transform: y[q + s (4p + k)] = w^(kp) sum_j x[q + s (p + j n/4)] (-i)^(jk).
    private void Radix4(Buffers buffers, int n, int stride)
    {
        ref Vector<float> xr = ref MemoryMarshal.GetArrayDataReference(buffers.Re);
        ref Vector<float> xi = ref MemoryMarshal.GetArrayDataReference(buffers.Im);
        ref Vector<float> yr = ref MemoryMarshal.GetArrayDataReference(buffers.OtherRe);
        ref Vector<float> yi = ref MemoryMarshal.GetArrayDataReference(buffers.OtherIm);
        int quarter = n / 4;
        int jump = stride * quarter;
        int twiddle = _half / n;
        for (int p = 0; p < quarter; p++)
        {
            int k = p * twiddle;
            var c1 = new Vector<float>(_cos[k]);
            var s1 = new Vector<float>(_sin[k]);
            var c2 = new Vector<float>(_cos[2 * k]);
            var s2 = new Vector<float>(_sin[2 * k]);
            var c3 = new Vector<float>(_cos[3 * k]);
            var s3 = new Vector<float>(_sin[3 * k]);
            for (int q = 0; q < stride; q++)
            {
                int i = q + (stride * p);
                Vector<float> ar = Unsafe.Add(ref xr, i);
                Vector<float> ai = Unsafe.Add(ref xi, i);
                Vector<float> br = Unsafe.Add(ref xr, i + jump);
                Vector<float> bi = Unsafe.Add(ref xi, i + jump);
                Vector<float> cr = Unsafe.Add(ref xr, i + (2 * jump));
                Vector<float> ci = Unsafe.Add(ref xi, i + (2 * jump));
                Vector<float> dr = Unsafe.Add(ref xr, i + (3 * jump));
                Vector<float> di = Unsafe.Add(ref xi, i + (3 * jump));
                Vector<float> sumAcR = ar + cr, sumAcI = ai + ci, difAcR = ar - cr, difAcI = ai - ci;
                Vector<float> sumBdR = br + dr, sumBdI = bi + di, difBdR = br - dr, difBdI = bi - di;
                int o = q + (4 * stride * p);
                Unsafe.Add(ref yr, o) = sumAcR + sumBdR;
                Unsafe.Add(ref yi, o) = sumAcI + sumBdI;
                Vector<float> r = difAcR + difBdI, m = difAcI - difBdR;
                Unsafe.Add(ref yr, o + stride) = (r * c1) - (m * s1);
                Unsafe.Add(ref yi, o + stride) = (r * s1) + (m * c1);
                r = sumAcR - sumBdR;
                m = sumAcI - sumBdI;
                Unsafe.Add(ref yr, o + (2 * stride)) = (r * c2) - (m * s2);
                Unsafe.Add(ref yi, o + (2 * stride)) = (r * s2) + (m * c2);
                r = difAcR - difBdI;
                m = difAcI + difBdR;
                Unsafe.Add(ref yr, o + (3 * stride)) = (r * c3) - (m * s3);
                Unsafe.Add(ref yi, o + (3 * stride)) = (r * s3) + (m * c3);
            }
        }
    }

    private static void Radix2(Buffers buffers, int stride)
    {
        for (int q = 0; q < stride; q++)
        {
            buffers.OtherRe[q] = buffers.Re[q] + buffers.Re[q + stride];
            buffers.OtherIm[q] = buffers.Im[q] + buffers.Im[q + stride];
            buffers.OtherRe[q + stride] = buffers.Re[q] - buffers.Re[q + stride];
            buffers.OtherIm[q + stride] = buffers.Im[q] - buffers.Im[q + stride];
        }
    }

    // X[k] = E + W^k O and X[half - k] = conj(E - W^k O), with E = (Z[k] + Z*[half - k]) / 2, O = -i (Z[k] - Z*[half - k]) / 2.
    private void Split(Vector<float>[] re, Vector<float>[] im, Span<Vector<float>> magnitudes)
    {
        magnitudes[0] = Vector.Abs(re[0] + im[0]);
        magnitudes[_half] = Vector.Abs(re[0] - im[0]);
        var half = new Vector<float>(0.5f);
        for (int k = 1; k <= _half / 2; k++)
        {
            int other = _half - k;
            Vector<float> er = half * (re[k] + re[other]);
            Vector<float> ei = half * (im[k] - im[other]);
            Vector<float> or = half * (im[k] + im[other]);
            Vector<float> oi = half * (re[other] - re[k]);
            var c = new Vector<float>(_splitCos[k]);
            var s = new Vector<float>(_splitSin[k]);
            Vector<float> tr = (or * c) - (oi * s);
            Vector<float> ti = (or * s) + (oi * c);
            Vector<float> ar = er + tr, ai = ei + ti, br = er - tr, bi = ei - ti;
            magnitudes[k] = Vector.SquareRoot((ar * ar) + (ai * ai));
            magnitudes[other] = Vector.SquareRoot((br * br) + (bi * bi));
        }
    }
}
