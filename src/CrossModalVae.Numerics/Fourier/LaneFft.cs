using System.Numerics;
using System.Runtime.CompilerServices;

namespace CrossModalVae.Fourier;

/// <summary>
/// The Fourier transform of several real frames at once, one frame a SIMD lane: half as many complex points (even samples real, odd
/// imaginary), a radix-4 transform in place (decimation in frequency; Gentleman and Sande 1966), then the split into the spectrum of the
/// real frames, read in the order in which the transform leaves it. No lane sees another, so a frame's spectrum has the same bits for every
/// width. Immutable; buffers belong to the caller.
/// </summary>
internal sealed class LaneFft<T, TNumber>
    where T : struct, ILanes<T, TNumber>
    where TNumber : unmanaged, IBinaryFloatingPointIeee754<TNumber>
{
    private readonly int _half;
    private readonly TNumber[][] _twiddles; // a stage: [n / 4, 6], cos and sin of w^p, w^2p, w^3p
    private readonly TNumber[] _split; // [half / 2 + 1, 2]
    private readonly int[] _places; // [half], where the transform leaves each point, in numbers

    /// <param name="length">A power of two, at least 4.</param>
    public LaneFft(int length)
    {
        if (length < 4 || !BitOperations.IsPow2(length))
        {
            throw new ArgumentOutOfRangeException(nameof(length), $"'length' is {length}; must be a power of two, at least 4.");
        }

        Length = length;
        BinCount = (length / 2) + 1;
        _half = length / 2;
        var stages = new List<TNumber[]>();
        for (int n = _half; n >= 4; n /= 4)
        {
            stages.Add([
                .. Enumerable.Range(0, n / 4)
                    .SelectMany(p => new[] { Turn(p, n), Turn(2 * p, n), Turn(3 * p, n) })
                    .SelectMany(z => new[] { z.Cos, z.Sin }),
            ]);
        }

        _twiddles = [.. stages];
        _split = [.. Enumerable.Range(0, (_half / 2) + 1).Select(k => Turn(k, length)).SelectMany(z => new[] { z.Cos, z.Sin })];
        _places = [.. Enumerable.Range(0, _half).Select(k => T.Count * Place(k, _half))];
    }

    /// <summary>Samples of a frame.</summary>
    public int Length { get; }

    /// <summary>Distinct bins: Length / 2 + 1.</summary>
    public int BinCount { get; }

    /// <summary>Memory for the frames of one transform.</summary>
    public AlignedBuffer<TNumber> CreateFrames() => new(Length * T.Count);

    /// <summary>Memory for what one transform gives: [bins, lanes].</summary>
    public AlignedBuffer<TNumber> CreateBins() => new(BinCount * T.Count);

    /// <summary>
    /// Where sample n of the frames stands in their memory, in numbers: even samples in the first half, odd ones in the second.
    /// </summary>
    public nuint PlaceOf(int n) => (nuint)(((n >> 1) + ((n & 1) * _half)) * T.Count);

    /// <summary>Magnitudes of as many frames as there are lanes.</summary>
    /// <param name="frames">Samples at their places; used up. From <see cref="CreateFrames"/>.</param>
    /// <param name="bins">Receives [bins, lanes]; from <see cref="CreateBins"/>.</param>
    public void Magnitudes(AlignedBuffer<TNumber> frames, AlignedBuffer<TNumber> bins)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(frames.Length, Length * T.Count);
        ArgumentOutOfRangeException.ThrowIfLessThan(bins.Length, BinCount * T.Count);
        ref TNumber re = ref frames.First;
        ref TNumber im = ref Unsafe.Add(ref re, _half * T.Count);
        int n = _half;
        foreach (TNumber[] twiddles in _twiddles)
        {
            Radix4(twiddles, n, ref re, ref im);
            n /= 4;
        }

        if (n == 2)
        {
            Radix2(ref re, ref im);
        }

        Split(ref re, ref im, ref bins.First);
    }

    private static (TNumber Cos, TNumber Sin) Turn(int part, int whole)
    {
        (double sin, double cos) = Math.SinCos(-2 * Math.PI * part / whole);
        return (TNumber.CreateTruncating(cos), TNumber.CreateTruncating(sin));
    }

    // In place, point k = k1 + 4 k2 of a transform of n ends within the quarter k1 at the place of k2.
    private static int Place(int k, int n) =>
        n >= 4 ? ((k % 4) * (n / 4)) + Place(k / 4, n / 4) : k;

    // One stage over every block of n points: y[p + k n/4] = w^(kp) sum_j x[p + j n/4] (-i)^(jk).
    private void Radix4(TNumber[] twiddles, int n, ref TNumber re, ref TNumber im)
    {
        nuint jump = (nuint)(n / 4 * T.Count);
        nuint block = 4 * jump;
        nuint end = (nuint)(_half * T.Count);
        for (nuint i0 = 0; i0 < end; i0 += block)
        {
            nuint i1 = i0 + jump, i2 = i1 + jump, i3 = i2 + jump; // p = 0: every factor is 1.
            T ar = T.Load(ref re, i0), ai = T.Load(ref im, i0), br = T.Load(ref re, i1), bi = T.Load(ref im, i1);
            T cr = T.Load(ref re, i2), ci = T.Load(ref im, i2), dr = T.Load(ref re, i3), di = T.Load(ref im, i3);
            T sumAcR = ar + cr, sumAcI = ai + ci, difAcR = ar - cr, difAcI = ai - ci;
            T sumBdR = br + dr, sumBdI = bi + di, difBdR = br - dr, difBdI = bi - di;
            (sumAcR + sumBdR).Store(ref re, i0);
            (sumAcI + sumBdI).Store(ref im, i0);
            (difAcR + difBdI).Store(ref re, i1);
            (difAcI - difBdR).Store(ref im, i1);
            (sumAcR - sumBdR).Store(ref re, i2);
            (sumAcI - sumBdI).Store(ref im, i2);
            (difAcR - difBdI).Store(ref re, i3);
            (difAcI + difBdR).Store(ref im, i3);
        }

        nuint start = (nuint)T.Count;
        for (int t = 6; t + 5 < twiddles.Length; t += 6, start += (nuint)T.Count)
        {
            T c1 = T.Broadcast(twiddles[t]), s1 = T.Broadcast(twiddles[t + 1]), c2 = T.Broadcast(twiddles[t + 2]);
            T s2 = T.Broadcast(twiddles[t + 3]), c3 = T.Broadcast(twiddles[t + 4]), s3 = T.Broadcast(twiddles[t + 5]);
            T n1 = -s1, n2 = -s2, n3 = -s3;
            for (nuint i0 = start; i0 < end; i0 += block)
            {
                nuint i1 = i0 + jump, i2 = i1 + jump, i3 = i2 + jump;
                T ar = T.Load(ref re, i0), ai = T.Load(ref im, i0), br = T.Load(ref re, i1), bi = T.Load(ref im, i1);
                T cr = T.Load(ref re, i2), ci = T.Load(ref im, i2), dr = T.Load(ref re, i3), di = T.Load(ref im, i3);
                T sumAcR = ar + cr, sumAcI = ai + ci, difAcR = ar - cr, difAcI = ai - ci;
                T sumBdR = br + dr, sumBdI = bi + di, difBdR = br - dr, difBdI = bi - di;
                (sumAcR + sumBdR).Store(ref re, i0);
                (sumAcI + sumBdI).Store(ref im, i0);
                T r = difAcR + difBdI, m = difAcI - difBdR;
                T.MultiplyAdd(r, c1, m * n1).Store(ref re, i1);
                T.MultiplyAdd(r, s1, m * c1).Store(ref im, i1);
                r = sumAcR - sumBdR;
                m = sumAcI - sumBdI;
                T.MultiplyAdd(r, c2, m * n2).Store(ref re, i2);
                T.MultiplyAdd(r, s2, m * c2).Store(ref im, i2);
                r = difAcR - difBdI;
                m = difAcI + difBdR;
                T.MultiplyAdd(r, c3, m * n3).Store(ref re, i3);
                T.MultiplyAdd(r, s3, m * c3).Store(ref im, i3);
            }
        }
    }

    private void Radix2(ref TNumber re, ref TNumber im)
    {
        nuint jump = (nuint)T.Count;
        for (nuint i = 0; i < (nuint)(_half * T.Count); i += 2 * jump)
        {
            T ar = T.Load(ref re, i), ai = T.Load(ref im, i), br = T.Load(ref re, i + jump), bi = T.Load(ref im, i + jump);
            (ar + br).Store(ref re, i);
            (ai + bi).Store(ref im, i);
            (ar - br).Store(ref re, i + jump);
            (ai - bi).Store(ref im, i + jump);
        }
    }

    // X[k] = E + W^k O and X[half - k] = conj(E - W^k O), with E = (Z[k] + Z*[half - k]) / 2, O = -i (Z[k] - Z*[half - k]) / 2.
    private void Split(ref TNumber re, ref TNumber im, ref TNumber bins)
    {
        T zr = T.Load(ref re, 0), zi = T.Load(ref im, 0);
        T.Abs(zr + zi).Store(ref bins, 0);
        T.Abs(zr - zi).Store(ref bins, (nuint)(_half * T.Count));
        T half = T.Broadcast(TNumber.CreateTruncating(0.5));
        TNumber[] split = _split;
        int[] places = _places;
        for (int k = 1, other = _half - 1; k <= other; k++, other--)
        {
            nuint a = (nuint)places[k], b = (nuint)places[other];
            T zar = T.Load(ref re, a), zai = T.Load(ref im, a), zbr = T.Load(ref re, b), zbi = T.Load(ref im, b);
            T er = half * (zar + zbr), ei = half * (zai - zbi), or = half * (zai + zbi), oi = half * (zbr - zar);
            T c = T.Broadcast(split[2 * k]), s = T.Broadcast(split[(2 * k) + 1]);
            T tr = T.MultiplyAdd(or, c, oi * -s), ti = T.MultiplyAdd(or, s, oi * c);
            T xr = er + tr, xi = ei + ti, yr = er - tr, yi = ei - ti;
            T.SquareRoot(T.MultiplyAdd(xr, xr, xi * xi)).Store(ref bins, (nuint)(k * T.Count));
            T.SquareRoot(T.MultiplyAdd(yr, yr, yi * yi)).Store(ref bins, (nuint)(other * T.Count));
        }
    }
}
