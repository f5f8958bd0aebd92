namespace NWaves.Utils;

public static class MathUtils
{
    private const double LastSummand = 1e-20;

    // The power series of the modified Bessel function I0, summed until a term is negligible (Abramowitz, Stegun 9.6.12).
    public static double I0(double x)
    {
        double sum = 1.0;
        double term = 1.0;
        for (int i = 1; Math.Abs(term) > LastSummand; i++)
        {
            term = term * x * x / (4 * i * i);
            sum += term;
        }

        return sum;
    }
}
