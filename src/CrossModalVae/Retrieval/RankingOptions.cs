using CrossModalVae.Numerics;

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
        var faults = new List<string>();
        if (Count < 1)
        {
            faults.Add($"'Count' is {Count}; must be >= 1.");
        }

        if (!Enum.IsDefined(Metric))
        {
            faults.Add($"'Metric' is {Metric}; must be one of {string.Join(", ", Enum.GetNames<RankingMetric>())}.");
        }

        if (faults.Count > 0)
        {
            throw UserError.Mark(new ArgumentException(string.Join(" ", faults)));
        }
    }
}
