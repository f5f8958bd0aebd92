using CrossModalVae.Evaluation;

namespace CrossModalVae.Criteria;

/// <summary>How predictions of a trait are scored; higher is better.</summary>
internal enum CriterionMetric
{
    /// <summary>The mean over classes of the share that is found; by chance one over the classes.</summary>
    BalancedAccuracy,

    /// <summary>1 - squared error / variance; by chance at most 0.</summary>
    R2,

    /// <summary>Pearson's correlation; by chance 0.</summary>
    Correlation,

    /// <summary>The share of draws on whose class two classifiers agree; by chance the sum of products of the classes' shares.</summary>
    Agreement,

    /// <summary>Nats a feature.</summary>
    NatsPerFeature,
}

/// <summary>The metrics, each row with a weight, and their bootstrap over groups of rows.</summary>
internal static class CriterionScore
{
    private const double Confidence = 0.95;

    /// <summary>The value of weighted rows; NaN where it is not defined.</summary>
    public static double Of(CriterionMetric metric, double[] predicted, double[] truth, double[] weights) => metric switch
    {
        CriterionMetric.BalancedAccuracy => BalancedAccuracy(predicted, truth, weights),
        CriterionMetric.R2 => R2(predicted, truth, weights),
        CriterionMetric.Correlation => Correlation(predicted, truth, weights),
        CriterionMetric.Agreement => Sum(weights, i => predicted[i] == truth[i] ? 1 : 0) / weights.Sum(),
        _ => Sum(weights, i => predicted[i]) / weights.Sum(),
    };

    /// <summary>The percentile interval of <see cref="Of"/> over draws of groups (identities) with replacement; null below five
    /// groups.</summary>
    public static Interval? Bootstrap(
        CriterionMetric metric, double[] predicted, double[] truth, IReadOnlyList<string> groups, int draws, long seed)
    {
        string[] names = [.. groups.Distinct(StringComparer.Ordinal)];
        if (names.Length < PopulationScores.FewestIdentitiesOfMetric || draws == 0)
        {
            return null;
        }

        Dictionary<string, int> places = names.Index().ToDictionary(name => name.Item, name => name.Index, StringComparer.Ordinal);
        int[] place = [.. groups.Select(group => places[group])];
        var bootstrap = new IdentityBootstrap(names.Length, draws, seed);
        var values = new double[draws];
        ParallelLoop.For(draws, draw =>
        {
            ReadOnlySpan<int> counts = bootstrap.Draw(draw);
            var weights = new double[place.Length];
            for (int i = 0; i < weights.Length; i++)
            {
                weights[i] = counts[place[i]];
            }

            values[draw] = Of(metric, predicted, truth, weights);
        });
        return Interval.Of(values, Confidence);
    }

    /// <summary>The agreement of two predictions that know nothing of each other.</summary>
    public static double ChanceAgreement(double[] one, double[] other)
    {
        double[] classes = [.. one.Concat(other).Distinct()];
        return classes.Sum(own => Share(one, own) * Share(other, own));

        static double Share(double[] values, double own) => (double)values.Count(value => value == own) / values.Length;
    }

    private static double BalancedAccuracy(double[] predicted, double[] truth, double[] weights)
    {
        var found = new Dictionary<double, (double Right, double All)>();
        for (int i = 0; i < truth.Length; i++)
        {
            (double right, double all) = found.GetValueOrDefault(truth[i]);
            found[truth[i]] = (right + (predicted[i] == truth[i] ? weights[i] : 0), all + weights[i]);
        }

        double[] shares = [.. found.Values.Where(own => own.All > 0).Select(own => own.Right / own.All)];
        return shares.Length < found.Count ? double.NaN : shares.Average(); // a draw without a class says nothing of it
    }

    private static double R2(double[] predicted, double[] truth, double[] weights)
    {
        double mean = Sum(weights, i => truth[i]) / weights.Sum();
        return 1 - (Sum(weights, i => Square(predicted[i] - truth[i])) / Sum(weights, i => Square(truth[i] - mean)));
    }

    private static double Correlation(double[] predicted, double[] truth, double[] weights)
    {
        double all = weights.Sum(), a = Sum(weights, i => predicted[i]) / all, b = Sum(weights, i => truth[i]) / all;
        double both = Sum(weights, i => (predicted[i] - a) * (truth[i] - b));
        return both / Math.Sqrt(Sum(weights, i => Square(predicted[i] - a)) * Sum(weights, i => Square(truth[i] - b)));
    }

    private static double Sum(double[] weights, Func<int, double> value)
    {
        double sum = 0;
        for (int i = 0; i < weights.Length; i++)
        {
            sum += weights[i] == 0 ? 0 : weights[i] * value(i);
        }

        return sum;
    }

    private static double Square(double x) => x * x;
}
