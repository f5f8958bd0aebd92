using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace CrossModalVae.Fourier;

/// <summary>
/// The complex Fourier transform of several signals at once, one signal a SIMD lane: Stockham's self-sorting passes of radix 3,
/// 4 and 2. No lane sees another and nothing is fused, so a signal's transform has the same bits for every SIMD width.
/// Immutable; buffers belong to the caller.
/// </summary>
internal sealed class ComplexLaneFft
{
    private static readonly float Sin60 = MathF.Sqrt(3) / 2;

    private readonly float[] _cos;
    private readonly float[] _sin;

    /// <param name="length">A power of two, or three times one; at least 1.</param>
    public ComplexLaneFft(int length)
    {
        if (length < 1 || !BitOperations.IsPow2(length % 3 == 0 ? length / 3 : length))
        {
            throw new ArgumentOutOfRangeException(nameof(length), $"'length' is {length}; must be a power of two or three times one.");
        }

        Length = length;
        (_cos, _sin) = Twiddles(length, length);
    }

    /// <summary>Points of a signal.</summary>
    public int Length { get; }

    /// <summary>Work buffers of one transform: [Length] complex numbers of all lanes, twice.</summary>
    public class Buffers(int length)
    {
        public Vector<float>[] Re { get; private set; } = new Vector<float>[length];

        public Vector<float>[] Im { get; private set; } = new Vector<float>[length];

        public Vector<float>[] OtherRe { get; private set; } = new Vector<float>[length];

        public Vector<float>[] OtherIm { get; private set; } = new Vector<float>[length];

        public void Swap()
        {
            (Re, OtherRe) = (OtherRe, Re);
            (Im, OtherIm) = (OtherIm, Im);
        }

        /// <summary>
        /// Real parts become imaginary ones and the other way round: before and after a transform,
        /// this makes it the inverse times its length.
        /// </summary>
        public void Exchange()
        {
            (Re, Im) = (Im, Re);
            (OtherRe, OtherIm) = (OtherIm, OtherRe);
        }
    }

    /// <summary>X[k] = sum_j x[j] e^(-2 pi i j k / Length), in place of the buffers' Re and Im.</summary>
    /// <param name="buffers">The signals.</param>
    public void Transform(Buffers buffers)
    {
        int n = Length;
        int stride = 1;
        if (n % 3 == 0)
        {
            Radix3(buffers, n);
            buffers.Swap();
            (n, stride) = (n / 3, 3);
        }

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
    }

    /// <summary>cos and sin of -2 pi i / period.</summary>
    internal static (float[] Cos, float[] Sin) Twiddles(int count, int period)
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

    // The first pass, stride 1: y[3p + k] = w^(kp) sum_j x[p + j n/3] e^(-2 pi i jk / 3).
    private void Radix3(Buffers buffers, int n)
    {
        int third = n / 3;
        var half = new Vector<float>(0.5f);
        var sin60 = new Vector<float>(Sin60);
        for (int p = 0; p < third; p++)
        {
            Vector<float> br = buffers.Re[p + third], bi = buffers.Im[p + third];
            Vector<float> cr = buffers.Re[p + (2 * third)], ci = buffers.Im[p + (2 * third)];
            Vector<float> sumR = br + cr, sumI = bi + ci;
            Vector<float> midR = buffers.Re[p] - (half * sumR), midI = buffers.Im[p] - (half * sumI);
            Vector<float> turnR = sin60 * (bi - ci), turnI = sin60 * (cr - br); // -i sin60 (b - c)
            int o = 3 * p;
            buffers.OtherRe[o] = buffers.Re[p] + sumR;
            buffers.OtherIm[o] = buffers.Im[p] + sumI;
            Vector<float> r = midR + turnR, m = midI + turnI;
            var c1 = new Vector<float>(_cos[p]);
            var s1 = new Vector<float>(_sin[p]);
            buffers.OtherRe[o + 1] = (r * c1) - (m * s1);
            buffers.OtherIm[o + 1] = (r * s1) + (m * c1);
            r = midR - turnR;
            m = midI - turnI;
            var c2 = new Vector<float>(_cos[2 * p]);
            var s2 = new Vector<float>(_sin[2 * p]);
            buffers.OtherRe[o + 2] = (r * c2) - (m * s2);
            buffers.OtherIm[o + 2] = (r * s2) + (m * c2);
        }
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
        int twiddle = Length / n;
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
}
