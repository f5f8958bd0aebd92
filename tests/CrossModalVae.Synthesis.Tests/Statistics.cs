namespace CrossModalVae.Synthesis.Tests;

/// <summary>Slow, obvious statistics for the tests of the synthetic corpus.</summary>
internal static class Statistics
{
    public static double Correlation(IReadOnlyList<double> x, IReadOnlyList<double> y)
    {
        double mx = x.Average();
        double my = y.Average();
        double xy = x.Zip(y, (a, b) => (a - mx) * (b - my)).Sum();
        return xy / Math.Sqrt(x.Sum(a => (a - mx) * (a - mx)) * y.Sum(b => (b - my) * (b - my)));
    }

    /// <summary>P(target above non-target) + P(equal) / 2, by sorting everything; weights are the trials' probabilities.</summary>
    public static double Auc(IEnumerable<(double Score, double Weight)> targets, IEnumerable<(double Score, double Weight)> nonTargets)
    {
        var groups = targets.Select(t => (t.Score, Target: t.Weight, Other: 0.0))
            .Concat(nonTargets.Select(t => (t.Score, Target: 0.0, Other: t.Weight)))
            .GroupBy(t => t.Score).OrderBy(g => g.Key);
        double below = 0;
        double area = 0;
        double target = 0;
        foreach (var group in groups)
        {
            double t = group.Sum(x => x.Target);
            double n = group.Sum(x => x.Other);
            area += t * (below + (n / 2));
            below += n;
            target += t;
        }

        return area / (target * below);
    }

    public static double Auc(IEnumerable<double> targets, IEnumerable<double> nonTargets) =>
        Auc(targets.Select(s => (s, 1.0)), nonTargets.Select(s => (s, 1.0)));
}
