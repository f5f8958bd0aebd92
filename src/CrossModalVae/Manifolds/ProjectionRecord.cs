namespace CrossModalVae.Manifolds;

/// <summary>Embeddings laid out in a plane, and how good the layout is; a file of <see cref="ProjectionFile"/>.</summary>
public sealed record ProjectionRecord
{
    /// <summary>How it was made.</summary>
    public required ProjectionMethod Method { get; init; }

    /// <summary>What nearness meant in the input.</summary>
    public required DistanceMetric Metric { get; init; }

    /// <summary>t-SNE's perplexity; null for the principal components.</summary>
    public double? Perplexity { get; init; }

    /// <summary>t-SNE's seed; null for the principal components.</summary>
    public long? Seed { get; init; }

    /// <summary>t-SNE's KL(P || Q) in nats; null for the principal components.</summary>
    public double? KullbackLeiblerLoss { get; init; }

    /// <summary>Share of the variance that both principal components carry, 0 to 1; null for t-SNE.</summary>
    public double? ExplainedVarianceRatio { get; init; }

    /// <summary>Trustworthiness at 5 neighbours; null where there are too few rows for it.</summary>
    public double? TrustworthinessScore { get; init; }

    /// <summary>Every row's place, at least one row.</summary>
    public required IReadOnlyList<ProjectedRow> Rows { get; init; }
}
