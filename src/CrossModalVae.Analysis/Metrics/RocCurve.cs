namespace CrossModalVae.Metrics;

/// <summary>
/// The receiver operating characteristic of scored trials: the false acceptance rate and the true acceptance rate at every threshold. Equal
/// scores share a threshold, so a curve never depends on the order of the trials.
/// </summary>
public sealed partial class RocCurve
{
    private readonly double[] _falseRates;
    private readonly double[] _trueRates;

    private RocCurve(double[] falseAcceptanceRate, double[] trueAcceptanceRate)
    {
        (_falseRates, _trueRates) = (falseAcceptanceRate, trueAcceptanceRate);
        FalseAcceptanceRate = Array.AsReadOnly(falseAcceptanceRate);
        TrueAcceptanceRate = Array.AsReadOnly(trueAcceptanceRate);
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
            for (int i = 1; i < _falseRates.Length; i++)
            {
                area += (_falseRates[i] - _falseRates[i - 1]) * (_trueRates[i] + _trueRates[i - 1]) / 2;
            }

            return area;
        }
    }

    /// <summary>The curve of scored trials. O(n): 10 million trials take a fraction of a second, and 24 bytes of each.</summary>
    /// <param name="scores">One score a trial, higher meaning more alike; none may be NaN. Infinite ones are allowed.</param>
    /// <param name="isTarget">Whether the trial's two sides are the same identity.</param>
    /// <exception cref="ArgumentException">Lengths differ, a score is NaN, or all trials are of one class.</exception>
    public static RocCurve Compute(ReadOnlySpan<float> scores, ReadOnlySpan<bool> isTarget)
    {
        TrialCheck.RequireSameLength(scores.Length, nameof(scores), isTarget.Length, nameof(isTarget));
        int targetCount = isTarget.Count(true);
        int nonTargetCount = scores.Length - targetCount;
        var targets = new uint[targetCount];
        var nonTargets = new uint[nonTargetCount];
        int t = 0, n = 0;
        for (int i = 0; i < scores.Length; i++)
        {
            if (float.IsNaN(scores[i]))
            {
                throw new ArgumentException($"'scores' has NaN at trial {i}; must be a number.", nameof(scores));
            }

            if (isTarget[i])
            {
                targets[t++] = OrderedKeys.Of(scores[i]);
            }
            else
            {
                nonTargets[n++] = OrderedKeys.Of(scores[i]);
            }
        }

        if (targetCount == 0 || nonTargetCount == 0)
        {
            throw UserError.Mark(new ArgumentException(
                $"'isTarget' has {targetCount} target and {nonTargetCount} non-target trials; "
                + "must have at least one of each.", nameof(isTarget)));
        }

        uint[][] keys = [targets, nonTargets];
        ParallelLoop.For(2, i => OrderedKeys.Sort(ref keys[i]));
        return Merge(keys[0], keys[1]);
    }

    /// <summary>
    /// A curve of known points from (0, 0) to (1, 1), both rates ascending; points on a line between two others may lack.
    /// </summary>
    internal static RocCurve OfCorners(double[] falseAcceptanceRate, double[] trueAcceptanceRate) =>
        new(falseAcceptanceRate, trueAcceptanceRate);

    // Both ascending; thresholds fall, so both are read from their ends.
    private static RocCurve Merge(uint[] targets, uint[] nonTargets)
    {
        var falseRates = new double[targets.Length + nonTargets.Length + 1];
        var trueRates = new double[falseRates.Length];
        int count = 1; // the first point is (0, 0)
        int t = targets.Length - 1, n = nonTargets.Length - 1;
        while (t >= 0 || n >= 0)
        {
            uint threshold = Math.Max(t >= 0 ? targets[t] : 0, n >= 0 ? nonTargets[n] : 0);
            while (t >= 0 && targets[t] == threshold)
            {
                t--;
            }

            while (n >= 0 && nonTargets[n] == threshold)
            {
                n--;
            }

            falseRates[count] = (double)(nonTargets.Length - 1 - n) / nonTargets.Length;
            trueRates[count++] = (double)(targets.Length - 1 - t) / targets.Length;
        }

        return new RocCurve(falseRates[..count], trueRates[..count]);
    }
}
