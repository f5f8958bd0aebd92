namespace CrossModalVae.Evaluation;

/// <summary>A percentile interval of bootstrap draws.</summary>
/// <param name="Low">Lower end.</param>
/// <param name="High">Upper end.</param>
public readonly record struct Interval(double Low, double High)
{
    /// <summary>
    /// The middle <paramref name="confidence"/> of the draws, between neighbours by linear interpolation; null where no draw has a value.
    /// </summary>
    /// <param name="draws">The draws; those that are NaN had nothing to score and are left out.</param>
    /// <param name="confidence">Above 0 and below 1.</param>
    internal static Interval? Of(ReadOnlySpan<double> draws, double confidence)
    {
        double[] sorted = draws.ToArray();
        Array.Sort(sorted); // NaN comes first
        double[] defined = sorted[sorted.Count(double.IsNaN)..];
        return defined.Length == 0 ? null : new Interval(Percentile((1 - confidence) / 2), Percentile((1 + confidence) / 2));

        double Percentile(double share)
        {
            double place = share * (defined.Length - 1);
            int below = (int)place;
            int above = Math.Min(below + 1, defined.Length - 1);
            return defined[below] + ((place - below) * (defined[above] - defined[below]));
        }
    }
}
