using CrossModalVae.Metrics;

namespace CrossModalVae.Evaluation;

/// <summary>How a system scored in one direction and stratum, every metric with its chance level, number of trials and interval.</summary>
public sealed record DirectionScores
{
    /// <summary>The direction.</summary>
    public required RetrievalDirection Direction { get; init; }

    /// <summary>The stratum whose identities the probes are compared with.</summary>
    public Stratum Stratum { get; init; } = Stratum.Everybody;

    /// <summary>Probe clips.</summary>
    public required int ProbeCount { get; init; }

    /// <summary>Gallery clips; in a stratum each probe ranks those of its own group only.</summary>
    public required int GalleryCount { get; init; }

    /// <summary>Identities among the probes.</summary>
    public required int IdentityCount { get; init; }

    /// <summary>
    /// Probes that are left out: their identity is in the gallery, but no positive of theirs (<see cref="PositiveClips"/>).
    /// </summary>
    public int LeftOutProbeCount { get; init; }

    /// <summary>Identities all of whose probes are such: with one clip, where positives are other clips.</summary>
    public int LeftOutIdentityCount { get; init; }

    /// <summary>Identities left out because their group of the stratum has fewer than five.</summary>
    public int SmallGroupIdentityCount { get; init; }

    /// <summary>Pairs of a probe and a gallery clip, of targets and of non-targets together.</summary>
    public long PairCount { get; init; }

    /// <summary>Whether verification takes every pair; else trials were drawn.</summary>
    public bool IsEnumerated { get; init; }

    /// <summary>
    /// The metrics. 1 of N is absent where no probe's group has N identities; any metric is where fewer than five identities ask
    /// (<see cref="PopulationScores.FewestIdentitiesOfMetric"/>), in <see cref="Evaluator"/>'s results.
    /// </summary>
    public required IReadOnlyDictionary<EvaluationMetric, MetricValue> Metrics { get; init; }

    /// <summary>The equal error rate at the nearest threshold, see <see cref="EqualErrorRateDefinition"/>; pooled.</summary>
    public required double NearestEqualErrorRate { get; init; }

    /// <summary>The equal error rate on the convex hull of the curve; pooled.</summary>
    public required double ConvexHullEqualErrorRate { get; init; }

    /// <summary>
    /// The error rates of verification, of the same trials as the metrics; null in strata other than everybody, and in files of older
    /// versions. A curve that was read from a file has 75 points between its ends.
    /// </summary>
    public RocCurve? Verification { get; init; }

    /// <summary>
    /// Bootstrap intervals around that curve, false acceptances ascending; of the model alone, empty where there are no draws.
    /// </summary>
    public IReadOnlyList<RocInterval> VerificationBand { get; init; } = [];

    /// <summary>Verification: area under the ROC curve.</summary>
    public MetricValue Auc => Metrics[EvaluationMetric.Auc];

    /// <summary>Verification: equal error rate, interpolated, over the same trials; lower is better.</summary>
    public MetricValue EqualErrorRate => Metrics[EvaluationMetric.EqualErrorRate];

    /// <summary>Retrieval: mean over probes of 1 / rank of the first relevant item.</summary>
    public MetricValue MeanReciprocalRank => Metrics[EvaluationMetric.MeanReciprocalRank];

    /// <summary>Retrieval: mean over probes of average precision over all relevant items.</summary>
    public MetricValue MeanAveragePrecision => Metrics[EvaluationMetric.MeanAveragePrecision];

    /// <summary>Matching: probability that the right one of N scores highest; null where there are fewer identities.</summary>
    /// <param name="candidateCount">N, 2 to 10.</param>
    public MetricValue? MatchingAccuracy(int candidateCount) => Metrics.GetValueOrDefault(EvaluationMetrics.Matching(candidateCount));

    /// <summary>Retrieval: share of probes with a relevant item among the first K.</summary>
    /// <param name="count">K: 1, 5 or 10.</param>
    /// <exception cref="ArgumentOutOfRangeException">K is something else.</exception>
    public MetricValue Recall(int count) => count switch
    {
        1 => Metrics[EvaluationMetric.RecallAt1],
        5 => Metrics[EvaluationMetric.RecallAt5],
        10 => Metrics[EvaluationMetric.RecallAt10],
        _ => throw new ArgumentOutOfRangeException(nameof(count), $"'count' is {count}; must be 1, 5 or 10."),
    };
}

/// <summary>The differences between the model and another system in one stratum and direction.</summary>
/// <param name="Against">The other system.</param>
/// <param name="Stratum">The stratum.</param>
/// <param name="Direction">The direction.</param>
/// <param name="Metrics">The model's metric minus the other's.</param>
/// <param name="IdentityCount">Identities that ask in both: for the gender oracle those with a known gender.</param>
public sealed record DirectionDifference(
    SystemKind Against,
    Stratum Stratum,
    RetrievalDirection Direction,
    IReadOnlyDictionary<EvaluationMetric, MetricDifference> Metrics,
    int IdentityCount);
