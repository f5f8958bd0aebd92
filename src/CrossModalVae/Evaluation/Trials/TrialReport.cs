using CrossModalVae.Corpora;
using CrossModalVae.Retrieval;

namespace CrossModalVae.Evaluation.Trials;

/// <summary>How embeddings scored on listed trials.</summary>
/// <param name="Metric">The metric that ranks.</param>
/// <param name="TrialCount">Lines scored.</param>
/// <param name="MissingCount">Lines left out because the embeddings lack a clip they name.</param>
/// <param name="Lists">One entry for every kind, stratum, direction and number of candidates, in the order of the list.</param>
public sealed record TrialReport(RankingMetric Metric, long TrialCount, long MissingCount, IReadOnlyList<TrialListScores> Lists)
{
    /// <summary>What to know before using the metrics, a sentence each.</summary>
    public IReadOnlyList<string> Warnings =>
    [
        .. Lists.Where(list => list.Metrics.Count > 0 && list.IdentityCount < PopulationScores.FewestIdentities).Select(list =>
            $"{EnumText.Of(list.Kind)} {list.Stratum ?? "all"}: {Counted.Of(list.IdentityCount, "identity")}; "
            + $"with fewer than {PopulationScores.FewestIdentities} an interval is too wide to mean anything."),
    ];
}

/// <summary>How trials of one kind, stratum, direction and number of candidates were scored.</summary>
public sealed record TrialListScores
{
    /// <summary>The kind of the trials.</summary>
    public required TrialKind Kind { get; init; }

    /// <summary>The stratum as the list names it; null is all.</summary>
    public required string? Stratum { get; init; }

    /// <summary>The modalities of probe and gallery; null for verification.</summary>
    public RetrievalDirection? Direction { get; init; }

    /// <summary>Matching: N of 1 in N; retrieval: items of the gallery; null for verification.</summary>
    public int? CandidateCount { get; init; }

    /// <summary>Trials or queries scored.</summary>
    public required long TrialCount { get; init; }

    /// <summary>
    /// Lines left out because the embeddings lack a clip they name; a retrieval list counts its items of both modalities.
    /// </summary>
    public required long MissingCount { get; init; }

    /// <summary>Identities in the scored trials.</summary>
    public required int IdentityCount { get; init; }

    /// <summary>The splits of those identities; other than test, they were used in training.</summary>
    public required IReadOnlyList<CorpusSplit> Splits { get; init; }

    /// <summary>
    /// The metrics of the kind; none where nothing was left to score or verification trials are all of one class. Pooled metrics are the
    /// published ones; by identity, the probes' identities (in verification the voices') are macro-averaged.
    /// </summary>
    public IReadOnlyDictionary<EvaluationMetric, MetricValue> Metrics { get; init; } = new Dictionary<EvaluationMetric, MetricValue>();

    /// <summary>The metrics minus those of the system it is compared with; none without one.</summary>
    public IReadOnlyDictionary<EvaluationMetric, MetricDifference> Differences { get; init; } =
        new Dictionary<EvaluationMetric, MetricDifference>();
}

/// <summary>The kind of a trial.</summary>
public enum TrialKind
{
    /// <summary>Whether voice and face are of one identity.</summary>
    Verification,

    /// <summary>Which of N candidates is of the probe's identity.</summary>
    Matching,

    /// <summary>The ranking of a whole gallery.</summary>
    Retrieval,
}

/// <summary>A list's scores without metrics, and its metrics on every bootstrap draw; none where nothing was left to score.</summary>
internal sealed record TrialListSample(TrialListScores Scores, IReadOnlyDictionary<EvaluationMetric, MetricSample> Metrics)
{
    public TrialListScores ToScores(TrialListSample? against, double confidence) => Scores with
    {
        Metrics = Metrics.ToDictionary(pair => pair.Key, pair => pair.Value.ToMetric(confidence)),
        Differences = against is null
            ? new Dictionary<EvaluationMetric, MetricDifference>()
            : Metrics.ToDictionary(pair => pair.Key, pair => pair.Value.Minus(against.Metrics[pair.Key], confidence)),
    };
}
