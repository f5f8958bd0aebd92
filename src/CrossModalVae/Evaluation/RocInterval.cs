using CrossModalVae.Metrics;
using MathNet.Numerics.Distributions;

namespace CrossModalVae.Evaluation;

/// <summary>The bootstrap interval over identities of a ROC curve's true acceptance rate at one false acceptance rate.</summary>
/// <param name="FalseAcceptanceRate">The share of non-target trials accepted, 0 to 1.</param>
/// <param name="Low">The lower end of the share of target trials accepted.</param>
/// <param name="High">The upper end.</param>
public readonly record struct RocInterval(double FalseAcceptanceRate, double Low, double High)
{
    private const int QuantileSteps = 37; // tenths of a standard deviation on either side: 0.01 % to 99.99 %

    /// <summary>False acceptance rates, ascending and evenly spaced on the scale of DET curves.</summary>
    internal static readonly double[] Rates =
        [.. Enumerable.Range(-QuantileSteps, (2 * QuantileSteps) + 1).Select(step => Normal.CDF(0, 1, step / 10.0))];

    /// <summary>Intervals around a curve, evenly spaced on the scale of DET curves, from draws of trials of it.</summary>
    internal static IReadOnlyList<RocInterval> Around(
        RocCurve curve, WeightedRoc trials, double confidence, IdentityBootstrap bootstrap, CancellationToken cancellationToken)
    {
        double[][] draws = trials.TrueRates(Rates, bootstrap, cancellationToken);
        double[] own = Sample(trials.Curve()), exact = Sample(curve); // the trials may be a sample of the curve's
        var intervals = new List<RocInterval>();
        for (int i = 0; i < Rates.Length; i++)
        {
            if (Interval.Of(draws[i], confidence) is (double low, double high))
            {
                double shift = exact[i] - own[i];
                intervals.Add(new RocInterval(Rates[i], Math.Clamp(low + shift, 0, 1), Math.Clamp(high + shift, 0, 1)));
            }
        }

        return intervals;
    }

    /// <summary>A curve's true acceptance rates at <see cref="Rates"/>.</summary>
    internal static double[] Sample(RocCurve curve)
    {
        var rates = new double[Rates.Length];
        int at = 1;
        for (int i = 0; i < rates.Length; i++)
        {
            while (curve.FalseAcceptanceRate[at] <= Rates[i])
            {
                at++; // ends at 1
            }

            double share = (Rates[i] - curve.FalseAcceptanceRate[at - 1])
                / (curve.FalseAcceptanceRate[at] - curve.FalseAcceptanceRate[at - 1]);
            double before = curve.TrueAcceptanceRate[at - 1];
            rates[i] = before + (share * (curve.TrueAcceptanceRate[at] - before));
        }

        return rates;
    }
}
