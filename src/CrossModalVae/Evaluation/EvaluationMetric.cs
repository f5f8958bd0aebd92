using CrossModalVae.Metrics;

namespace CrossModalVae.Evaluation;

/// <summary>A metric of the protocol.</summary>
public enum EvaluationMetric
{
    /// <summary>Verification: area under the ROC curve.</summary>
    Auc,

    /// <summary>Verification: equal error rate, interpolated; lower is better.</summary>
    EqualErrorRate,

    /// <summary>Verification: smallest normalised detection cost where 1 % of trials are targets, costs 1; lower is better.</summary>
    DetectionCostAt1Percent,

    /// <summary>Verification: smallest normalised detection cost where 5 % of trials are targets, costs 1; lower is better.</summary>
    DetectionCostAt5Percent,

    /// <summary>Matching: probability that the right one of 2 scores highest.</summary>
    MatchingOf2,

    /// <summary>Matching of 3.</summary>
    MatchingOf3,

    /// <summary>Matching of 4.</summary>
    MatchingOf4,

    /// <summary>Matching of 5.</summary>
    MatchingOf5,

    /// <summary>Matching of 6.</summary>
    MatchingOf6,

    /// <summary>Matching of 7.</summary>
    MatchingOf7,

    /// <summary>Matching of 8.</summary>
    MatchingOf8,

    /// <summary>Matching of 9.</summary>
    MatchingOf9,

    /// <summary>Matching of 10.</summary>
    MatchingOf10,

    /// <summary>Retrieval: mean over probes of 1 / rank of the first relevant item.</summary>
    MeanReciprocalRank,

    /// <summary>Retrieval: share of probes with a relevant item at rank 1.</summary>
    RecallAt1,

    /// <summary>Retrieval: share of probes with a relevant item among the first 5.</summary>
    RecallAt5,

    /// <summary>Retrieval: share of probes with a relevant item among the first 10.</summary>
    RecallAt10,

    /// <summary>Retrieval: mean over probes of average precision over all relevant items.</summary>
    MeanAveragePrecision,

    /// <summary>Matching among as many as a trial list says; of listed trials only.</summary>
    ListedMatching,
}

/// <summary>Names, order and direction of the metrics of the protocol.</summary>
public static class EvaluationMetrics
{
    /// <summary>The smallest number of candidates.</summary>
    public const int SmallestMatching = 2;

    /// <summary>The largest number of candidates.</summary>
    public const int LargestMatching = 10;

    /// <summary>All metrics of the drawn protocol, in the order of tables.</summary>
    public static IReadOnlyList<EvaluationMetric> All { get; } =
    [
        .. Enum.GetValues<EvaluationMetric>().Where(metric => metric != EvaluationMetric.ListedMatching),
    ];

    /// <summary>Matching accuracy of 1 in N.</summary>
    /// <param name="candidateCount">N, 2 to 10.</param>
    /// <exception cref="ArgumentOutOfRangeException">N is out of its range.</exception>
    public static EvaluationMetric Matching(int candidateCount)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(candidateCount, SmallestMatching);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(candidateCount, LargestMatching);
        return EvaluationMetric.MatchingOf2 + (candidateCount - SmallestMatching);
    }

    /// <summary>Whether lower is better: error rates and costs.</summary>
    /// <param name="metric">The metric.</param>
    public static bool LowerIsBetter(EvaluationMetric metric) =>
        metric is EvaluationMetric.EqualErrorRate or EvaluationMetric.DetectionCostAt1Percent or EvaluationMetric.DetectionCostAt5Percent;

    /// <summary>The name of the metric in metrics.json, as in <c>matching_1_of_2</c>.</summary>
    /// <param name="metric">The metric.</param>
    public static string Key(EvaluationMetric metric) => metric switch
    {
        EvaluationMetric.Auc => "auc",
        EvaluationMetric.EqualErrorRate => "eer",
        EvaluationMetric.DetectionCostAt1Percent => "min_dcf_01",
        EvaluationMetric.DetectionCostAt5Percent => "min_dcf_05",
        EvaluationMetric.MeanReciprocalRank => "mrr",
        EvaluationMetric.RecallAt1 => "recall_at_1",
        EvaluationMetric.RecallAt5 => "recall_at_5",
        EvaluationMetric.RecallAt10 => "recall_at_10",
        EvaluationMetric.MeanAveragePrecision => "map",
        EvaluationMetric.ListedMatching => "accuracy",
        _ => $"matching_1_of_{SmallestMatching + (metric - EvaluationMetric.MatchingOf2)}",
    };

    /// <summary>The operating points of the detection costs, in the order of the metrics.</summary>
    internal static IReadOnlyList<DetectionCost> Costs { get; } =
    [
        new DetectionCost { TargetPrior = 0.01 },
        new DetectionCost { TargetPrior = 0.05 },
    ];
}
