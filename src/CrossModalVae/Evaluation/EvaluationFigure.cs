namespace CrossModalVae.Evaluation;

/// <summary>What the protocol measures.</summary>
public enum EvaluationFigure
{
    /// <summary>Verification: area under the ROC curve.</summary>
    Auc,

    /// <summary>Verification: equal error rate, interpolated; lower is better.</summary>
    EqualErrorRate,

    /// <summary>Verification: smallest normalised detection cost where 1 % of trials are targets, costs 1; lower is better.</summary>
    DetectionCostAt1Percent,

    /// <summary>Verification: smallest normalised detection cost where 5 % of trials are targets, costs 1; lower is better.</summary>
    DetectionCostAt5Percent,

    /// <summary>Matching: share of trials in which the right one of 2 scores highest.</summary>
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
