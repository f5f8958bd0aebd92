namespace CrossModalVae.Media.Tests.Oracles;

/// <summary>The discrete Fourier transform by its definition, in double precision, O(n) a bin.</summary>
internal static class DirectDft
{
    /// <summary>|sum x[n] exp(-2 pi i k n / N)|.</summary>
    public static double Magnitude(ReadOnlySpan<double> x, int k)
    {
        double re = 0;
        double im = 0;
        for (int n = 0; n < x.Length; n++)
        {
            (double sin, double cos) = Math.SinCos(2 * Math.PI * k * n / x.Length);
            re += x[n] * cos;
            im -= x[n] * sin;
        }

        return Math.Sqrt((re * re) + (im * im));
    }

    /// <summary>One frame under a periodic Hamming window centred in it, all bins to the middle.</summary>
    public static double[] HammingFrame(ReadOnlySpan<float> frame, int windowLength)
    {
        var x = new double[frame.Length];
        int start = (frame.Length - windowLength) / 2;
        for (int i = 0; i < windowLength; i++)
        {
            x[start + i] = frame[start + i] * (0.54 - (0.46 * Math.Cos(2 * Math.PI * i / windowLength)));
        }

        return [.. Enumerable.Range(0, (frame.Length / 2) + 1).Select(k => Magnitude(x, k))];
    }
}
