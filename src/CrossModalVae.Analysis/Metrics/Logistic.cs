namespace CrossModalVae.Metrics;

/// <summary>The logistic function and its companions, exact at both ends.</summary>
internal static class Logistic
{
    /// <summary>1 / (1 + exp(-x)).</summary>
    public static double Probability(double logOdds)
    {
        double e = Math.Exp(-Math.Abs(logOdds));
        return logOdds >= 0 ? 1 / (1 + e) : e / (1 + e);
    }

    /// <summary>ln(p / (1 - p)).</summary>
    public static double LogOdds(double probability) => Math.Log(probability / (1 - probability));

    /// <summary>ln(1 + exp(x)).</summary>
    public static double Softplus(double x)
    {
        double e = Math.Exp(-Math.Abs(x));

        // ln(1 + e) for e below 1: the series' first terms where adding e to 1 would lose it.
        double tail = e < 1e-5 ? e - (e * e / 2) + (e * e * e / 3) : Math.Log(1 + e);
        return Math.Max(x, 0) + tail;
    }
}
