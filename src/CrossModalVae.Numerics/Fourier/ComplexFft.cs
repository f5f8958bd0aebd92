using System.Numerics;
using System.Runtime.InteropServices;

namespace CrossModalVae.Fourier;

/// <summary>
/// The complex Fourier transform of several signals at once, one signal a lane: passes of radix 3, 4 and 2 in place (decimation in
/// frequency; Gentleman and Sande 1966). No lane sees another, so a signal's transform has the same bits for every width. Immutable;
/// buffers belong to the caller.
/// </summary>
internal sealed class ComplexFft<T, TNumber>
    where T : struct, ILanes<T, TNumber>
    where TNumber : unmanaged, IBinaryFloatingPointIeee754<TNumber>
{
    private readonly TNumber[][] _twiddles; // a pass: [n / radix, 2 (radix - 1)], cos and sin of w^p, w^2p, w^3p
    private readonly int[] _places;

    /// <param name="length">A power of two, or three times one; at least 1.</param>
    public ComplexFft(int length)
    {
        if (length < 1 || !BitOperations.IsPow2(length % 3 == 0 ? length / 3 : length))
        {
            throw new ArgumentOutOfRangeException(nameof(length), $"'length' is {length}; must be a power of two or three times one.");
        }

        Length = length;
        var passes = new List<TNumber[]>();
        for (int n = length; n >= 3; n /= Radix(n))
        {
            int radix = Radix(n);
            passes.Add(
            [
                .. Enumerable.Range(0, n / radix)
                    .SelectMany(p => Enumerable.Range(1, radix - 1).SelectMany(j => Twiddle(j * p, n))),
            ]);
        }

        _twiddles = [.. passes];
        _places = [.. Enumerable.Range(0, length).Select(k => T.Count * Place(k, length))];
    }

    /// <summary>Points of a signal.</summary>
    public int Length { get; }

    /// <summary>[Length] where <see cref="Forward"/> leaves the lanes of X[k], in numbers.</summary>
    public ReadOnlySpan<int> Places => _places;

    /// <summary>
    /// X[k] = sum_j x[j] e^(-2 pi i j k / Length), in place, X[k] left at <see cref="Places"/>[k]. With the parts exchanged, <c>Forward(im,
    /// re)</c>, it is the inverse times the length.
    /// </summary>
    /// <param name="re">[Length, lanes] real parts.</param>
    /// <param name="im">[Length, lanes] imaginary parts.</param>
    public void Forward(Span<TNumber> re, Span<TNumber> im)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(re.Length, Length * T.Count, nameof(re));
        ArgumentOutOfRangeException.ThrowIfLessThan(im.Length, Length * T.Count, nameof(im));
        ref TNumber r = ref MemoryMarshal.GetReference(re);
        ref TNumber i = ref MemoryMarshal.GetReference(im);
        int n = Length;
        foreach (TNumber[] twiddles in _twiddles)
        {
            if (Radix(n) == 3)
            {
                Radix3(twiddles, ref r, ref i);
            }
            else
            {
                Radix4(twiddles, n, ref r, ref i);
            }

            n /= Radix(n);
        }

        if (n == 2)
        {
            Radix2(ref r, ref i);
        }
    }

    /// <summary>cos and sin of -2 pi part / whole.</summary>
    internal static TNumber[] Twiddle(int part, int whole)
    {
        (double sin, double cos) = Math.SinCos(-2 * Math.PI * part / whole);
        return [TNumber.CreateTruncating(cos), TNumber.CreateTruncating(sin)];
    }

    private static int Radix(int n) => n % 3 == 0 ? 3 : 4;

    // In place, point k = k1 + r k2 of a pass of radix r over n points ends within part k1 at the place of k2.
    private static int Place(int k, int n) => n >= 3 ? (k % Radix(n) * (n / Radix(n))) + Place(k / Radix(n), n / Radix(n)) : k;

    // The first pass: y[p + k n/3] = w^(kp) sum_j x[p + j n/3] e^(-2 pi i jk / 3).
    private void Radix3(TNumber[] twiddles, ref TNumber re, ref TNumber im)
    {
        nuint jump = (nuint)(Length / 3 * T.Count);
        T half = T.Broadcast(TNumber.CreateTruncating(0.5)), sin60 = T.Broadcast(TNumber.CreateTruncating(Math.Sqrt(3) / 2));
        nuint i0 = 0;
        for (int t = 0; t + 3 < twiddles.Length; t += 4, i0 += (nuint)T.Count)
        {
            nuint i1 = i0 + jump, i2 = i1 + jump;
            T ar = T.Load(ref re, i0), ai = T.Load(ref im, i0), br = T.Load(ref re, i1), bi = T.Load(ref im, i1);
            T cr = T.Load(ref re, i2), ci = T.Load(ref im, i2);
            T sumR = br + cr, sumI = bi + ci, midR = ar - (half * sumR), midI = ai - (half * sumI);
            T turnR = sin60 * (bi - ci), turnI = sin60 * (cr - br); // -i sin60 (b - c)
            (ar + sumR).Store(ref re, i0);
            (ai + sumI).Store(ref im, i0);
            Turn(midR + turnR, midI + turnI, twiddles[t], twiddles[t + 1], ref re, ref im, i1);
            Turn(midR - turnR, midI - turnI, twiddles[t + 2], twiddles[t + 3], ref re, ref im, i2);
        }

        static void Turn(T r, T m, TNumber cos, TNumber sin, ref TNumber re, ref TNumber im, nuint to)
        {
            T c = T.Broadcast(cos), s = T.Broadcast(sin);
            T.MultiplyAdd(r, c, m * -s).Store(ref re, to);
            T.MultiplyAdd(r, s, m * c).Store(ref im, to);
        }
    }

    // One pass over every block of n points: y[p + k n/4] = w^(kp) sum_j x[p + j n/4] (-i)^(jk).
    private void Radix4(TNumber[] twiddles, int n, ref TNumber re, ref TNumber im)
    {
        nuint jump = (nuint)(n / 4 * T.Count);
        nuint block = 4 * jump;
        nuint end = (nuint)(Length * T.Count);
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
        for (nuint i = 0; i < (nuint)(Length * T.Count); i += 2 * jump)
        {
            T ar = T.Load(ref re, i), ai = T.Load(ref im, i), br = T.Load(ref re, i + jump), bi = T.Load(ref im, i + jump);
            (ar + br).Store(ref re, i);
            (ai + bi).Store(ref im, i);
            (ar - br).Store(ref re, i + jump);
            (ai - bi).Store(ref im, i + jump);
        }
    }
}
