using CrossModalVae.Corpora;

namespace CrossModalVae.Evaluation.Trials;

/// <summary>How trials of one kind, stratum, direction and number of candidates were scored.</summary>
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

    /// <summary>
    /// Lines left out because the embeddings lack a clip they name; a retrieval list counts its items of both modalities.
    /// </summary>
    public required long MissingCount { get; init; }

    /// <summary>People in what was scored.</summary>
    public required int IdentityCount { get; init; }

    /// <summary>The splits of those people; other than test, they have been seen in training.</summary>
    public required IReadOnlyList<CorpusSplit> Splits { get; init; }

    /// <summary>
    /// The figures of the kind; none where nothing was left to score or verification trials are all of one class. Pooled figures are the
    /// published ones; by identity, those who ask weigh the same, in verification the voices' people.
    /// </summary>
    public IReadOnlyDictionary<EvaluationFigure, MetricValue> Figures { get; init; } = new Dictionary<EvaluationFigure, MetricValue>();

    /// <summary>The figures minus those of the system it is compared with; none without one.</summary>
    public IReadOnlyDictionary<EvaluationFigure, FigureDifference> Differences { get; init; } =
        new Dictionary<EvaluationFigure, FigureDifference>();
}
