namespace CrossModalVae.Retrieval;

/// <summary>The ranking section of a recipe.</summary>
public sealed record RankingOptions
{
    /// <summary>What nearness means. Default cosine.</summary>
    public RankingMetric Metric { get; init; } = RankingMetric.Cosine;

    /// <summary>How many matches a ranking lists. Default 10.</summary>
    public int Count { get; init; } = 10;

    /// <summary>Reports every fault of these options at once.</summary>
    /// <exception cref="ArgumentException">A value lies outside its range; the message lists all that do.</exception>
    public void Validate()
    {
        var faults = new OptionFaults();
        faults.AtLeast(Count, 1);
        faults.OneOf(Metric);
        faults.ThrowIfAny();
    }
}
