namespace CrossModalVae.Synthesis.Voices;

/// <summary>
/// A second-order filter after Bristow-Johnson's "Cookbook formulae for audio equalizer biquad filter coefficients", transposed direct form
/// II.
/// </summary>
internal sealed class Biquad
{
    private readonly double _b0, _b1, _b2, _a1, _a2;

    private Biquad(double b0, double b1, double b2, double a0, double a1, double a2) =>
        (_b0, _b1, _b2, _a1, _a2) = (b0 / a0, b1 / a0, b2 / a0, a1 / a0, a2 / a0);

    public static Biquad Peak(double hertz, double q, double decibels, double sampleRate)
    {
        (double cos, double alpha) = Angle(hertz, q, sampleRate);
        double a = Math.Pow(10, decibels / 40);
        return new Biquad(1 + (alpha * a), -2 * cos, 1 - (alpha * a), 1 + (alpha / a), -2 * cos, 1 - (alpha / a));
    }

    public static Biquad HighPass(double hertz, double sampleRate)
    {
        (double cos, double alpha) = Angle(hertz, Math.Sqrt(0.5), sampleRate);
        return new Biquad((1 + cos) / 2, -(1 + cos), (1 + cos) / 2, 1 + alpha, -2 * cos, 1 - alpha);
    }

    public static Biquad LowPass(double hertz, double sampleRate)
    {
        (double cos, double alpha) = Angle(hertz, Math.Sqrt(0.5), sampleRate);
        return new Biquad((1 - cos) / 2, 1 - cos, (1 - cos) / 2, 1 + alpha, -2 * cos, 1 - alpha);
    }

    /// <summary>Filters a signal in place.</summary>
    public void Apply(Span<double> signal)
    {
        double s1 = 0;
        double s2 = 0;
        foreach (ref double x in signal)
        {
            double y = (_b0 * x) + s1;
            s1 = (_b1 * x) - (_a1 * y) + s2;
            s2 = (_b2 * x) - (_a2 * y);
            x = y;
        }
    }

    private static (double Cos, double Alpha) Angle(double hertz, double q, double sampleRate)
    {
        (double sin, double cos) = Math.SinCos(2 * Math.PI * hertz / sampleRate);
        return (cos, sin / (2 * q));
    }
}
