using System.Numerics;

namespace CrossModalVae.Fourier;

/// <summary>
/// A complex Fourier transform in double precision, both ways, for long convolutions and for noise with a given spectrum (the front end's
/// <see cref="LaneFft{T, TNumber}"/> gives magnitudes of many short real frames and has no way back). Radix 2, in place. Immutable.
/// </summary>
internal sealed class ComplexFft
{
    private readonly double[] _cos;
    private readonly double[] _sin;
    private readonly int[] _reversed;

    /// <param name="length">A power of two, at least 2.</param>
    public ComplexFft(int length)
    {
        if (length < 2 || !BitOperations.IsPow2(length))
        {
            throw new ArgumentOutOfRangeException(nameof(length), $"'length' is {length}; must be a power of two, at least 2.");
        }

        Length = length;
        _cos = new double[length / 2];
        _sin = new double[length / 2];
        for (int k = 0; k < _cos.Length; k++)
        {
            (_sin[k], _cos[k]) = Math.SinCos(-2 * Math.PI * k / length);
        }

        _reversed = new int[length];
        for (int i = 1; i < length; i++)
        {
            _reversed[i] = (_reversed[i >> 1] >> 1) | ((i & 1) == 1 ? length / 2 : 0);
        }
    }

    /// <summary>Complex numbers of a transform.</summary>
    public int Length { get; }

    /// <summary>X[k] = sum_n x[n] exp(-2 pi i k n / N), in place.</summary>
    public void Forward(Span<double> re, Span<double> im)
    {
        for (int i = 0; i < Length; i++)
        {
            int j = _reversed[i];
            if (i < j)
            {
                (re[i], re[j]) = (re[j], re[i]);
                (im[i], im[j]) = (im[j], im[i]);
            }
        }

        for (int half = 1; half < Length; half *= 2)
        {
            int step = _cos.Length / half;
            for (int start = 0; start < Length; start += 2 * half)
            {
                Span<double> lowRe = re.Slice(start, half), highRe = re.Slice(start + half, half);
                Span<double> lowIm = im.Slice(start, half), highIm = im.Slice(start + half, half);
                for (int k = 0; k < half; k++)
                {
                    double c = _cos[k * step], s = _sin[k * step];
                    double r = (highRe[k] * c) - (highIm[k] * s);
                    double i = (highRe[k] * s) + (highIm[k] * c);
                    highRe[k] = lowRe[k] - r;
                    highIm[k] = lowIm[k] - i;
                    lowRe[k] += r;
                    lowIm[k] += i;
                }
            }
        }
    }

    /// <summary>N times the inverse, in place: the same sum with the parts exchanged before and after.</summary>
    public void InverseTimesLength(Span<double> re, Span<double> im) => Forward(im, re);
}
