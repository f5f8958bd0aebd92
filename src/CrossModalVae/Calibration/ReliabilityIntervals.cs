using CrossModalVae.Evaluation;
using CrossModalVae.Metrics;

namespace CrossModalVae.Calibration;

/// <summary>
/// Intervals of a reliability table's observed shares, over draws of identities as <see cref="IdentityBootstrap"/> makes them. A bin in
/// which all or no trials are targets has none: every draw of it gives the same share.
/// </summary>
internal static class ReliabilityIntervals
{
    private const int Draws = 1000;
    private const double Confidence = 0.95;

    public static IReadOnlyList<ReliabilityBin> Table(
        CalibrationTrials trials, double[] probabilities, long seed, CancellationToken cancellationToken)
    {
        var people = new IdentityBootstrap(trials.People.Length, Draws, seed);
        int[] bins = [.. probabilities.Select(probability => ReliabilityTable.BinOf(probability, ReliabilityTable.UsualBinCount))];
        double[][] shares = [.. Enumerable.Range(0, ReliabilityTable.UsualBinCount).Select(_ => new double[Draws])];

        ParallelLoop.For(
            Draws,
            draw =>
            {
                ReadOnlySpan<int> drawn = people.Draw(draw);
                Span<double> hits = stackalloc double[ReliabilityTable.UsualBinCount];
                Span<double> sums = stackalloc double[ReliabilityTable.UsualBinCount];
                hits.Clear();
                sums.Clear();
                for (int i = 0; i < bins.Length; i++)
                {
                    double weight = trials.Weights[i] * drawn[trials.Asking[i]] * (trials.IsTarget[i] ? 1.0 : drawn[trials.Others[i]]);
                    sums[bins[i]] += weight;
                    hits[bins[i]] += trials.IsTarget[i] ? weight : 0;
                }

                for (int bin = 0; bin < sums.Length; bin++)
                {
                    shares[bin][draw] = sums[bin] > 0 ? hits[bin] / sums[bin] : double.NaN;
                }
            },
            cancellationToken: cancellationToken);

        int[] present = [.. bins.Distinct().Order()];
        return
        [
            .. ReliabilityTable.Weigh(probabilities, trials.IsTarget, trials.Weights).Bins.Select((row, i) =>
                row.Observed is > 0 and < 1 && Interval.Of(shares[present[i]], Confidence) is Interval interval
                    ? row with { Low = interval.Low, High = interval.High }
                    : row),
        ];
    }
}
