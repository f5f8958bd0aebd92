using CrossModalVae.Retrieval;

namespace CrossModalVae.Evaluation.Trials;

/// <summary>How listed trials are scored.</summary>
public sealed record TrialOptions
{
    /// <summary>The metric that ranks. Default cosine.</summary>
    public RankingMetric Metric { get; init; } = RankingMetric.Cosine;

    /// <summary>
    /// Leaves out, and counts, trials whose clips the embeddings lack; otherwise they are refused, because scores on fewer trials compare
    /// with nothing. Default false.
    /// </summary>
    public bool AllowMissing { get; init; }

    /// <summary>Seed of the bootstrap. Default 1.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>Bootstrap draws of identities; 0 leaves intervals out. Default 1,000.</summary>
    public int DrawCount { get; init; } = 1000;

    /// <summary>The share of draws that an interval holds, above 0 and below 1. Default 0.95.</summary>
    public double Confidence { get; init; } = 0.95;

    /// <summary>Reports every fault of these options at once.</summary>
    /// <exception cref="ArgumentException">A value is out of range; the message lists all faults.</exception>
    public void Validate()
    {
        var faults = new OptionFaults();
        faults.OneOf(Metric);
        faults.AtLeast(DrawCount, 0);
        faults.Check(Confidence is > 0 and < 1, nameof(Confidence), Confidence, "must be > 0 and < 1");
        faults.ThrowIfAny();
    }
}
