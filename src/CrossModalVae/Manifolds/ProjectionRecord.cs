using System.Text.Json.Serialization;

namespace CrossModalVae.Manifolds;

/// <summary>Embeddings projected into a plane, and the quality of the projection; the content of a <see cref="ProjectionFile"/>.</summary>
public sealed record ProjectionRecord
{
    /// <summary>The method.</summary>
    public required ProjectionMethod Method { get; init; }

    /// <summary>The distance in the input.</summary>
    public required DistanceMetric Metric { get; init; }

    /// <summary>t-SNE's perplexity; null for the principal components.</summary>
    public double? Perplexity { get; init; }

    /// <summary>t-SNE's seed; null for the principal components.</summary>
    public long? Seed { get; init; }

    /// <summary>t-SNE's KL(P || Q) in nats; null for the principal components.</summary>
    [JsonPropertyName("kl_divergence")]
    public double? KullbackLeiblerLoss { get; init; }

    /// <summary>Share of the variance that both principal components carry, 0 to 1; null for t-SNE.</summary>
    public double? ExplainedVarianceRatio { get; init; }

    /// <summary>Trustworthiness at 5 neighbours; null where there are too few rows for it.</summary>
    [JsonPropertyName("trustworthiness")]
    public double? TrustworthinessScore { get; init; }

    /// <summary>
    /// The distance between the clouds of voices and faces in the input (<see cref="Embeddings.ModalityGap.Distance"/>); null where one of
    /// the two is not there.
    /// </summary>
    [JsonPropertyName("modality_gap")]
    public double? ModalityGapDistance { get; init; }

    /// <summary>The same in units of the rows' spread within their modality.</summary>
    [JsonPropertyName("modality_gap_relative")]
    public double? RelativeModalityGap { get; init; }

    /// <summary>What the rows' classes are, which the picture colours. Default the identities.</summary>
    public ProjectionColour Colour { get; init; }

    /// <summary>The rows' coordinates, at least one row.</summary>
    public required IReadOnlyList<ProjectedRow> Rows { get; init; }
}

/// <summary>One row of a projection.</summary>
/// <param name="Identity">The identity of the clip.</param>
/// <param name="Clip">The clip's name within its identity.</param>
/// <param name="Modality">The modality it was computed from.</param>
/// <param name="X">Its coordinate in the plane.</param>
/// <param name="Y">Its coordinate in the plane.</param>
public sealed record ProjectedRow(string Identity, string Clip, Modality Modality, double X, double Y)
{
    /// <summary>Its class by <see cref="ProjectionRecord.Colour"/>; null where that is the identity, not known, or noise.</summary>
    public string? Class { get; init; }
}

/// <summary>What a projection's picture colours.</summary>
public enum ProjectionColour
{
    /// <summary>The identities.</summary>
    Identity,

    /// <summary>The genders.</summary>
    Gender,

    /// <summary>The splits.</summary>
    Split,

    /// <summary>Clusters: of a clustering, or HDBSCAN's of the rows.</summary>
    Cluster,
}

/// <summary>How embeddings are projected into a plane.</summary>
public enum ProjectionMethod
{
    /// <summary>t-SNE: near stays near; distances between groups mean little.</summary>
    Tsne,

    /// <summary>The first two principal components: linear, the same for every seed.</summary>
    Pca,
}
