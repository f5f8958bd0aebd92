using CrossModalVae.Metrics;

namespace CrossModalVae.Evaluation;

/// <summary>How a system scored in one direction and stratum, every figure with its chance level, number of trials and interval.</summary>
public sealed record DirectionScores
{
    /// <summary>The direction.</summary>
    public required RetrievalDirection Direction { get; init; }

    /// <summary>Among whom the others of a trial were drawn and ranked.</summary>
    public Stratum Stratum { get; init; } = Stratum.Random;

    /// <summary>Clips that asked.</summary>
    public required int ProbeCount { get; init; }

    /// <summary>Clips that could be found; in a stratum each probe ranks its own group's only.</summary>
    public required int GalleryCount { get; init; }

    /// <summary>Identities among the probes.</summary>
    public required int IdentityCount { get; init; }

    /// <summary>The figures; 1 of N is not there where no probe has N - 1 other people to choose from.</summary>
    public required IReadOnlyDictionary<EvaluationFigure, MetricValue> Figures { get; init; }

    /// <summary>The equal error rate at the nearest threshold, see <see cref="EqualErrorRateDefinition"/>; pooled.</summary>
    public required double NearestEqualErrorRate { get; init; }

    /// <summary>The equal error rate on the convex hull of the curve; pooled.</summary>
    public required double ConvexHullEqualErrorRate { get; init; }

    /// <summary>
    /// The error rates of the verification trials at every threshold, of the same trials as the
    /// figures; null where these were read from a file.
    /// </summary>
    public RocCurve? Verification { get; init; }

    /// <summary>Verification: area under the ROC curve over balanced trials.</summary>
    public MetricValue Auc => Figures[EvaluationFigure.Auc];

    /// <summary>Verification: equal error rate, interpolated, over the same trials; lower is better.</summary>
    public MetricValue EqualErrorRate => Figures[EvaluationFigure.EqualErrorRate];

    /// <summary>Retrieval: mean over probes of 1 / rank of the first relevant item.</summary>
    public MetricValue MeanReciprocalRank => Figures[EvaluationFigure.MeanReciprocalRank];

    /// <summary>Retrieval: mean over probes of average precision over all relevant items.</summary>
    public MetricValue MeanAveragePrecision => Figures[EvaluationFigure.MeanAveragePrecision];

    /// <summary>Matching: share of trials in which the right one of N scores highest; null where there are not as many people.</summary>
    /// <param name="candidateCount">N, 2 to 10.</param>
    public MetricValue? MatchingAccuracy(int candidateCount) => Figures.GetValueOrDefault(EvaluationFigures.Matching(candidateCount));

    /// <summary>Retrieval: share of probes with a relevant item among the first K.</summary>
    /// <param name="count">K: 1, 5 or 10.</param>
    /// <exception cref="ArgumentOutOfRangeException">K is something else.</exception>
    public MetricValue Recall(int count) => count switch
    {
        1 => Figures[EvaluationFigure.RecallAt1],
        5 => Figures[EvaluationFigure.RecallAt5],
        10 => Figures[EvaluationFigure.RecallAt10],
        _ => throw new ArgumentOutOfRangeException(nameof(count), $"'count' is {count}; must be 1, 5 or 10."),
    };
}
