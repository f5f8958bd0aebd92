namespace CrossModalVae.Evaluation;

/// <summary>How one direction scored, every figure with its chance level.</summary>
public sealed record DirectionScores
{
    /// <summary>The direction.</summary>
    public required RetrievalDirection Direction { get; init; }

    /// <summary>Clips that asked.</summary>
    public required int ProbeCount { get; init; }

    /// <summary>Clips that could be found.</summary>
    public required int GalleryCount { get; init; }

    /// <summary>Identities among the probes.</summary>
    public required int IdentityCount { get; init; }

    /// <summary>Verification: area under the ROC curve over balanced trials.</summary>
    public required MetricValue Auc { get; init; }

    /// <summary>Verification: equal error rate over the same trials; lower is better.</summary>
    public required MetricValue EqualErrorRate { get; init; }

    /// <summary>Matching: share of trials in which the right one of 2 scores highest.</summary>
    public required MetricValue MatchingOf2Accuracy { get; init; }

    /// <summary>Matching: share of trials in which the right one of 10 scores highest; null with fewer than 10 identities.</summary>
    public required MetricValue? MatchingOf10Accuracy { get; init; }

    /// <summary>Retrieval: mean over probes of 1 / rank of the first relevant item.</summary>
    public required MetricValue MeanReciprocalRank { get; init; }

    /// <summary>Retrieval: share of probes with a relevant item at rank 1.</summary>
    public required MetricValue RecallAt1 { get; init; }

    /// <summary>Retrieval: share of probes with a relevant item among the first 5.</summary>
    public required MetricValue RecallAt5 { get; init; }

    /// <summary>Retrieval: share of probes with a relevant item among the first 10.</summary>
    public required MetricValue RecallAt10 { get; init; }

    /// <summary>Retrieval: mean over probes of average precision over all relevant items.</summary>
    public required MetricValue MeanAveragePrecision { get; init; }

    /// <summary>The curves of the same trials; null where the figures were read from a file, which does not hold them.</summary>
    public DirectionCurves? Curves { get; init; }
}
