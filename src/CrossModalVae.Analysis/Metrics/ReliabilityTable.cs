namespace CrossModalVae.Metrics;

/// <summary>How often predictions of a probability come true, in bins of equal width (Guo et al. 2017, section 2).</summary>
public static class ReliabilityTable
{
    /// <summary>The default number of bins.</summary>
    public const int UsualBinCount = 10;

    /// <summary>With fewer trials a bin's observed share says little: its standard error is up to 10 points.</summary>
    public const int FewTrials = 25;

    /// <summary>The table of predicted trials.</summary>
    /// <param name="probabilities">[N] 0 to 1.</param>
    /// <param name="cameTrue">[N] the outcomes.</param>
    /// <param name="binCount">M, at least 1: bin m holds the probabilities above (m - 1) / M up to m / M, the first also 0.</param>
    /// <returns>The bins that have trials, in ascending order.</returns>
    /// <exception cref="ArgumentException">Lengths differ, there is no trial, or a probability lies outside 0 to 1.</exception>
    public static IReadOnlyList<ReliabilityBin> Compute(
        ReadOnlySpan<double> probabilities, ReadOnlySpan<bool> cameTrue, int binCount = UsualBinCount) =>
        Weigh(probabilities, cameTrue, [], binCount).Bins;

    /// <summary>
    /// The table of trials with weights, [N] or none for 1 each, and the weight of each of its bins; bins count trials as they are.
    /// </summary>
    internal static (IReadOnlyList<ReliabilityBin> Bins, double[] Weights) Weigh(
        ReadOnlySpan<double> probabilities, ReadOnlySpan<bool> cameTrue, ReadOnlySpan<double> weights, int binCount = UsualBinCount)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(binCount, 1);
        TrialCheck.RequireSameLength(probabilities.Length, nameof(probabilities), cameTrue.Length, nameof(cameTrue));
        TrialCheck.RequireAny(probabilities.Length, nameof(probabilities));
        var sums = new double[binCount];
        var hits = new double[binCount];
        var totals = new double[binCount];
        var counts = new long[binCount];
        for (int i = 0; i < probabilities.Length; i++)
        {
            if (!(probabilities[i] is >= 0 and <= 1))
            {
                throw new ArgumentException(
                    FormattableString.Invariant($"'probabilities' has {probabilities[i]} at trial {i}; must be 0 to 1."),
                    nameof(probabilities));
            }

            int bin = BinOf(probabilities[i], binCount);
            double weight = weights.IsEmpty ? 1 : weights[i];
            sums[bin] += weight * probabilities[i];
            hits[bin] += cameTrue[i] ? weight : 0;
            totals[bin] += weight;
            counts[bin]++;
        }

        int[] present = [.. Enumerable.Range(0, binCount).Where(bin => counts[bin] > 0)];
        return (
            [.. present.Select(bin => new ReliabilityBin(Math.Min(1, sums[bin] / totals[bin]), hits[bin] / totals[bin], counts[bin]))],
            [.. present.Select(bin => totals[bin])]);
    }

    /// <summary>
    /// The expected calibration error: the mean of |observed - predicted| over bins, weighted by their trials; 0 to 1, lower is better.
    /// </summary>
    /// <param name="bins">A table.</param>
    /// <exception cref="ArgumentException">The table is empty.</exception>
    public static double ExpectedError(IReadOnlyList<ReliabilityBin> bins)
    {
        ArgumentNullException.ThrowIfNull(bins);
        return bins.Count == 0
            ? throw new ArgumentException("'bins' is empty; must have at least one bin.", nameof(bins))
            : bins.Sum(bin => bin.Count * Math.Abs(bin.Observed - bin.Predicted)) / bins.Sum(bin => bin.Count);
    }

    /// <summary>The zero-based bin of a probability.</summary>
    internal static int BinOf(double probability, int binCount)
    {
        int bin = Math.Max(0, (int)Math.Ceiling(probability * binCount) - 1);

        // The product may round across the edge that the division stands for.
        while (bin > 0 && probability <= (double)bin / binCount)
        {
            bin--;
        }

        while (bin < binCount - 1 && probability > (double)(bin + 1) / binCount)
        {
            bin++;
        }

        return bin;
    }
}

/// <summary>One row of a <see cref="ReliabilityTable"/>: predictions of about the same probability.</summary>
/// <param name="Predicted">Mean predicted probability of its trials, 0 to 1.</param>
/// <param name="Observed">Share of them that came true, 0 to 1.</param>
/// <param name="Count">How many trials, at least 1.</param>
/// <param name="Low">Lower end of the observed share's interval, or null.</param>
/// <param name="High">Upper end of the observed share's interval, or null.</param>
public readonly record struct ReliabilityBin(double Predicted, double Observed, long Count, double? Low = null, double? High = null);
