namespace CrossModalVae.Metrics;

/// <summary>
/// The receiver operating characteristic of scored trials: the false acceptance rate and the true acceptance rate at every threshold. Equal
/// scores share a threshold, so a curve never depends on the order of the trials.
/// </summary>
public sealed class RocCurve
{
    private RocCurve(double[] falseAcceptanceRate, double[] trueAcceptanceRate)
    {
        FalseAcceptanceRate = falseAcceptanceRate;
        TrueAcceptanceRate = trueAcceptanceRate;
    }

    /// <summary>Share of non-target trials accepted, from 0 to 1, ascending with falling threshold; starts at 0.</summary>
    public IReadOnlyList<double> FalseAcceptanceRate { get; }

    /// <summary>Share of target trials accepted at the same thresholds; starts at 0.</summary>
    public IReadOnlyList<double> TrueAcceptanceRate { get; }

    /// <summary>
    /// The area under the curve, 0 to 1, 0.5 at chance: the probability that a target trial scores higher than a non-target one, ties
    /// counting half (Hanley, McNeil 1982).
    /// </summary>
    public double AreaScore
    {
        get
        {
            double area = 0;
            for (int i = 1; i < FalseAcceptanceRate.Count; i++)
            {
                area += (FalseAcceptanceRate[i] - FalseAcceptanceRate[i - 1]) * (TrueAcceptanceRate[i] + TrueAcceptanceRate[i - 1]) / 2;
            }

            return area;
        }
    }

    /// <summary>
    /// The rate, 0 to 1, at which false acceptances equal false rejections: linear interpolation between the two neighbouring points of the
    /// curve. Other definitions in use (nearest point, convex hull) differ slightly.
    /// </summary>
    public double EqualErrorRate
    {
        get
        {
            for (int i = 1; i < FalseAcceptanceRate.Count; i++)
            {
                double before = 1 - TrueAcceptanceRate[i - 1] - FalseAcceptanceRate[i - 1];
                double after = 1 - TrueAcceptanceRate[i] - FalseAcceptanceRate[i];
                if (after <= 0)
                {
                    double share = before / (before - after);
                    return FalseAcceptanceRate[i - 1] + (share * (FalseAcceptanceRate[i] - FalseAcceptanceRate[i - 1]));
                }
            }

            return 1; // Not reached: the last point is (1, 1).
        }
    }

    /// <summary>The curve of scored trials. O(n log n).</summary>
    /// <param name="scores">One score a trial, higher meaning more alike; none may be NaN.</param>
    /// <param name="isTarget">Whether the trial's two sides are the same identity.</param>
    /// <exception cref="ArgumentException">Lengths differ, a score is NaN, or all trials are of one class.</exception>
    public static RocCurve Compute(ReadOnlySpan<float> scores, ReadOnlySpan<bool> isTarget)
    {
        if (scores.Length != isTarget.Length)
        {
            throw new ArgumentException($"'scores' has {scores.Length} values and 'isTarget' {isTarget.Length}; must be equally many.", nameof(isTarget));
        }

        long targets = 0;
        for (int i = 0; i < scores.Length; i++)
        {
            if (float.IsNaN(scores[i]))
            {
                throw new ArgumentException($"'scores' has NaN at trial {i}; must be a number.", nameof(scores));
            }

            targets += isTarget[i] ? 1 : 0;
        }

        long nonTargets = scores.Length - targets;
        if (targets == 0 || nonTargets == 0)
        {
            throw new ArgumentException(
                $"'isTarget' has {targets} target and {nonTargets} non-target trials; must have at least one of each.", nameof(isTarget));
        }

        float[] sorted = scores.ToArray();
        bool[] labels = isTarget.ToArray();
        Array.Sort(sorted, labels);

        var falseRates = new List<double> { 0 };
        var trueRates = new List<double> { 0 };
        long accepted = 0;
        long acceptedTargets = 0;
        for (int i = sorted.Length - 1; i >= 0; i--)
        {
            accepted++;
            acceptedTargets += labels[i] ? 1 : 0;
            if (i == 0 || sorted[i - 1] != sorted[i])
            {
                falseRates.Add((double)(accepted - acceptedTargets) / nonTargets);
                trueRates.Add((double)acceptedTargets / targets);
            }
        }

        return new RocCurve([.. falseRates], [.. trueRates]);
    }
}
