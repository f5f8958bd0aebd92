namespace CrossModalVae.Metrics;

/// <content>The equal error rate, in the three definitions in use.</content>
public sealed partial class RocCurve
{
    /// <summary>The equal error rate by <see cref="EqualErrorRateDefinition.Interpolated"/>, 0 to 1.</summary>
    public double EqualErrorRate => EqualErrorRateBy(EqualErrorRateDefinition.Interpolated);

    /// <summary>The rate, 0 to 1, at which false acceptances equal false rejections.</summary>
    /// <param name="definition">Which of the definitions.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such definition.</exception>
    public double EqualErrorRateBy(EqualErrorRateDefinition definition) => definition switch
    {
        EqualErrorRateDefinition.Interpolated => Crossing(_falseRates, _trueRates),
        EqualErrorRateDefinition.Nearest => Nearest(),
        EqualErrorRateDefinition.ConvexHull => Hull(),
        _ => throw new ArgumentOutOfRangeException(
            nameof(definition),
            $"'definition' is {definition}; must be one of {string.Join(", ", Enum.GetNames<EqualErrorRateDefinition>())}."),
    };

    // Where the line through the points crosses from more misses than false acceptances to fewer.
    private static double Crossing(ReadOnlySpan<double> falseRates, ReadOnlySpan<double> trueRates)
    {
        int i = 1;
        while (1 - trueRates[i] - falseRates[i] > 0) // the last point is (1, 1)
        {
            i++;
        }

        double before = 1 - trueRates[i - 1] - falseRates[i - 1];
        double after = 1 - trueRates[i] - falseRates[i];
        double share = before / (before - after);
        return falseRates[i - 1] + (share * (falseRates[i] - falseRates[i - 1]));
    }

    private double Nearest()
    {
        double least = double.PositiveInfinity, rate = 1;
        for (int i = 0; i < FalseAcceptanceRate.Count; i++)
        {
            double misses = 1 - TrueAcceptanceRate[i];
            double apart = Math.Abs(misses - FalseAcceptanceRate[i]);
            if (apart < least)
            {
                (least, rate) = (apart, (misses + FalseAcceptanceRate[i]) / 2);
            }
        }

        return rate;
    }

    // The upper hull of the points, which come in the order of both axes (Andrew's monotone chain).
    private double Hull()
    {
        double[] x = _falseRates, y = _trueRates;
        var hull = new int[x.Length];
        int count = 0;
        for (int i = 0; i < x.Length; i++)
        {
            while (count >= 2 && Turn(hull[count - 2], hull[count - 1], i) >= 0)
            {
                count--;
            }

            hull[count++] = i;
        }

        return Crossing([.. hull.Take(count).Select(i => x[i])], [.. hull.Take(count).Select(i => y[i])]);

        double Turn(int a, int b, int c) => ((x[b] - x[a]) * (y[c] - y[a])) - ((y[b] - y[a]) * (x[c] - x[a]));
    }
}

/// <summary>
/// Which point of a curve of finitely many trials is called the equal error rate. The definitions agree in the limit; on small lists they
/// do not, so a published rate says which one it is.
/// </summary>
public enum EqualErrorRateDefinition
{
    /// <summary>
    /// Where the straight lines between neighbouring points of the curve cross equal errors: this library's own. What <c>brentq(lambda x: 1
    /// - x - interp1d(fpr, tpr)(x), 0, 1)</c> gives in Python.
    /// </summary>
    Interpolated,

    /// <summary>
    /// The mean of both error rates at the threshold at which they are nearest to each other; of two such thresholds the higher one. What
    /// SpeechBrain gives; others take the false acceptance rate, or the larger of both, at that threshold.
    /// </summary>
    Nearest,

    /// <summary>
    /// Where the convex hull of the curve crosses equal errors: the rate at which the best mixture of two thresholds has equal errors,
    /// never above the interpolated one (ROCCH: Provost, Fawcett 2001; BOSARIS toolkit: Brummer, de Villiers 2011).
    /// </summary>
    ConvexHull,
}
