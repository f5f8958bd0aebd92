namespace CrossModalVae.Metrics;

/// <summary>How often predictions of a probability come true, in bins of equal width (Guo et al. 2017, section 2).</summary>
public static class ReliabilityTable
{
    /// <summary>Bins that a table usually has.</summary>
    public const int UsualBinCount = 10;

    /// <summary>The table of predicted trials.</summary>
    /// <param name="probabilities">[N] 0 to 1.</param>
    /// <param name="cameTrue">[N] whether it was so.</param>
    /// <param name="binCount">M, at least 1: bin m holds the probabilities above (m - 1) / M up to m / M, the first also 0.</param>
    /// <returns>The bins that have trials, in ascending order.</returns>
    /// <exception cref="ArgumentException">Lengths differ, there is no trial, or a probability lies outside 0 to 1.</exception>
    public static IReadOnlyList<ReliabilityBin> Compute(
        ReadOnlySpan<double> probabilities, ReadOnlySpan<bool> cameTrue, int binCount = UsualBinCount)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(binCount, 1);
        Require(probabilities, cameTrue);
        var sums = new double[binCount];
        var hits = new long[binCount];
        var counts = new long[binCount];
        for (int i = 0; i < probabilities.Length; i++)
        {
            int bin = BinOf(probabilities[i], binCount);
            sums[bin] += probabilities[i];
            hits[bin] += cameTrue[i] ? 1 : 0;
            counts[bin]++;
        }

        return
        [
            .. Enumerable.Range(0, binCount).Where(bin => counts[bin] > 0)
                .Select(bin => new ReliabilityBin(sums[bin] / counts[bin], (double)hits[bin] / counts[bin], counts[bin])),
        ];
    }

    /// <summary>
    /// The expected calibration error: the mean of |observed - predicted| over bins, each weighing
    /// as its trials do; 0 to 1, lower is better.
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

    private static void Require(ReadOnlySpan<double> probabilities, ReadOnlySpan<bool> cameTrue)
    {
        if (probabilities.Length != cameTrue.Length)
        {
            throw new ArgumentException(
                $"'probabilities' has {probabilities.Length} values and 'cameTrue' {cameTrue.Length}; must be equally many.",
                nameof(cameTrue));
        }

        if (probabilities.IsEmpty)
        {
            throw new ArgumentException("'probabilities' is empty; must have at least one trial.", nameof(probabilities));
        }

        for (int i = 0; i < probabilities.Length; i++)
        {
            if (!(probabilities[i] is >= 0 and <= 1))
            {
                throw new ArgumentException(
                    string.Create(
                        System.Globalization.CultureInfo.InvariantCulture,
                        $"'probabilities' has {probabilities[i]} at trial {i}; must be 0 to 1."),
                    nameof(probabilities));
            }
        }
    }
}
