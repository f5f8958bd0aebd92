namespace CrossModalVae.Metrics;

/// <summary>
/// The risk-coverage curve of a selective system (El-Yaniv, Wiener 2010): the mean risk over the share of the answers that it is most
/// confident of. Answers of equal confidence count by their expectation over all orders, so that a constant confidence has the curve and
/// the area of a random one: flat, at the mean risk.
/// </summary>
public sealed class RiskCoverage
{
    private readonly int[] _order; // by falling confidence
    private readonly int[] _ends; // one past the last of each run of equal confidences, in that order
    private readonly double[] _risks;

    /// <summary>Orders answers; O(N log N).</summary>
    /// <param name="confidences">[N] the confidence of each answer, higher is surer; none NaN.</param>
    /// <param name="risks">[N] what each answer costs, 0 to 1: its error.</param>
    /// <exception cref="ArgumentException">There is no answer, the numbers differ, a confidence is NaN or a risk out of range.</exception>
    public RiskCoverage(IReadOnlyList<double> confidences, IReadOnlyList<double> risks)
    {
        ArgumentNullException.ThrowIfNull(confidences);
        ArgumentNullException.ThrowIfNull(risks);
        if (confidences.Count == 0 || confidences.Count != risks.Count)
        {
            throw new ArgumentException(
                $"There are {confidences.Count} confidences and {risks.Count} risks; must be as many of both, at least one.",
                nameof(risks));
        }

        for (int i = 0; i < risks.Count; i++)
        {
            if (double.IsNaN(confidences[i]) || !(risks[i] is >= 0 and <= 1))
            {
                throw new ArgumentException(
                    FormattableString.Invariant($"Answer {i} has confidence {confidences[i]} and risk {risks[i]}; ")
                    + "must be a number, and 0 to 1.",
                    nameof(risks));
            }
        }

        _risks = [.. risks];
        _order = [.. Enumerable.Range(0, _risks.Length).OrderByDescending(i => confidences[i])];
        _ends = [.. Enumerable.Range(1, _order.Length)
            .Where(end => end == _order.Length || confidences[_order[end]] != confidences[_order[end - 1]])];
        int[] ones = new int[_risks.Length];
        Array.Fill(ones, 1);
        Area = AreaOf(ones);
        Risk = _risks.Average();
    }

    /// <summary>
    /// AURC (Geifman, El-Yaniv 2017): the mean, over k = 1 to N, of the mean risk of the k answers of highest confidence; lower is better.
    /// </summary>
    public double Area { get; }

    /// <summary>The mean risk: at full coverage, and the expected area of a random order.</summary>
    public double Risk { get; }

    /// <summary>The area of the ideal order, by rising risk: the least there is for these risks.</summary>
    /// <param name="risks">[N] 0 to 1.</param>
    public static RiskCoverage Ideal(IReadOnlyList<double> risks)
    {
        ArgumentNullException.ThrowIfNull(risks);
        return new RiskCoverage([.. risks.Select(risk => -risk)], risks);
    }

    /// <summary>The mean risk at shares of the answers.</summary>
    /// <param name="count">How many points, evenly spaced from 1/count to 1, at least 1.</param>
    /// <returns>[count] coverage and risk; where there are fewer answers, one point an answer.</returns>
    public IReadOnlyList<(double Coverage, double Risk)> Curve(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        var sums = new double[_order.Length + 1];
        int first = 0;
        foreach (int end in _ends)
        {
            double mean = MeanRisk(first, end);
            for (int k = first; k < end; k++)
            {
                sums[k + 1] = sums[first] + ((k + 1 - first) * mean);
            }

            first = end;
        }

        int points = Math.Min(count, _order.Length);
        return
        [
            .. Enumerable.Range(1, points).Select(point => (int)((long)_order.Length * point / points))
                .Select(k => ((double)k / _order.Length, sums[k] / k)),
        ];
    }

    /// <summary>The area where each answer counts as often as its weight; NaN where all are 0.</summary>
    internal double AreaOf(ReadOnlySpan<int> weights)
    {
        double area = 0, sum = 0;
        long count = 0;
        int first = 0;
        foreach (int end in _ends)
        {
            long run = 0;
            double cost = 0;
            for (int k = first; k < end; k++)
            {
                int weight = weights[_order[k]];
                run += weight;
                cost += weight * _risks[_order[k]];
            }

            double mean = run == 0 ? 0 : cost / run;
            for (long j = 1; j <= run; j++)
            {
                area += (sum + (j * mean)) / (count + j);
            }

            sum += cost;
            count += run;
            first = end;
        }

        return area / count;
    }

    private double MeanRisk(int first, int end)
    {
        double sum = 0;
        for (int k = first; k < end; k++)
        {
            sum += _risks[_order[k]];
        }

        return sum / (end - first);
    }
}
