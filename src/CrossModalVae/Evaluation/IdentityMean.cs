namespace CrossModalVae.Evaluation;

/// <summary>Sums of a figure that is a mean over trials, one for each asking identity: all that a draw of identities needs.</summary>
internal sealed class IdentityMean
{
    private readonly List<double> _values = [];
    private readonly List<double> _chances = [];
    private readonly List<long> _counts = [];

    public long Count { get; private set; }

    /// <summary>Adds trials.</summary>
    /// <param name="identity">Who asks.</param>
    /// <param name="value">The sum of what they scored.</param>
    /// <param name="chance">The sum of what they score by chance.</param>
    /// <param name="count">How many there are.</param>
    public void Add(int identity, double value, double chance, int count)
    {
        while (_values.Count <= identity)
        {
            _values.Add(0);
            _chances.Add(0);
            _counts.Add(0);
        }

        _values[identity] += value;
        _chances[identity] += chance;
        _counts[identity] += count;
        Count += count;
    }

    public FigureSample Sample(IdentityBootstrap bootstrap)
    {
        int[] asking = [.. Enumerable.Range(0, _counts.Count).Where(k => _counts[k] > 0)];
        var pooled = new double[bootstrap.DrawCount];
        var alike = new double[bootstrap.DrawCount];
        ParallelLoop.For(bootstrap.DrawCount, draw =>
        {
            ReadOnlySpan<int> drawn = bootstrap.Draw(draw);
            double sum = 0, count = 0, means = 0, people = 0;
            foreach (int k in asking)
            {
                sum += drawn[k] * _values[k];
                count += drawn[k] * _counts[k];
                means += drawn[k] * (_values[k] / _counts[k]);
                people += drawn[k];
            }

            pooled[draw] = sum / count; // NaN where nobody who asks was drawn
            alike[draw] = means / people;
        });
        return new FigureSample(
            Count,
            asking.Length,
            new WeightedSample(_values.Sum() / Count, _chances.Sum() / Count, pooled),
            new WeightedSample(asking.Average(k => _values[k] / _counts[k]), asking.Average(k => _chances[k] / _counts[k]), alike));
    }
}
