using CrossModalVae.Corpora;

namespace CrossModalVae.Evaluation.Trials;

/// <summary>How trials of one kind, stratum, direction and number of candidates were scored; figures are null where they do not belong or nothing was left to score.</summary>
public sealed record TrialListScores
{
    /// <summary>What is asked.</summary>
    public required TrialKind Kind { get; init; }

    /// <summary>The stratum as the list names it; null is all.</summary>
    public required string? Stratum { get; init; }

    /// <summary>Which modality asks; null for verification.</summary>
    public RetrievalDirection? Direction { get; init; }

    /// <summary>Matching: N of 1 in N; retrieval: items of the gallery; null for verification.</summary>
    public int? CandidateCount { get; init; }

    /// <summary>Trials or queries scored.</summary>
    public required long TrialCount { get; init; }

    /// <summary>Lines left out because the embeddings lack a clip they name; a retrieval list counts its items of both modalities.</summary>
    public required long MissingCount { get; init; }

    /// <summary>People in what was scored.</summary>
    public required int IdentityCount { get; init; }

    /// <summary>The splits of those people; other than test, they have been seen in training.</summary>
    public required IReadOnlyList<CorpusSplit> Splits { get; init; }

    /// <summary>Verification: area under the ROC curve; null too where all trials are of one class.</summary>
    public MetricValue? Auc { get; init; }

    /// <summary>Verification: equal error rate; lower is better.</summary>
    public MetricValue? EqualErrorRate { get; init; }

    /// <summary>Matching: share of trials in which the right candidate scores highest, a tie counting as its share.</summary>
    public MetricValue? MatchingAccuracy { get; init; }

    /// <summary>Retrieval: rankings of the whole gallery.</summary>
    public RetrievalFigures? Retrieval { get; init; }
}
