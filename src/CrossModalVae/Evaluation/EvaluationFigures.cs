using CrossModalVae.Metrics;

namespace CrossModalVae.Evaluation;

/// <summary>Facts about the figures of the protocol.</summary>
public static class EvaluationFigures
{
    /// <summary>The smallest number of people to choose from.</summary>
    public const int SmallestMatching = 2;

    /// <summary>The largest number of people to choose from.</summary>
    public const int LargestMatching = 10;

    /// <summary>All figures of the drawn protocol, in the order of tables.</summary>
    public static IReadOnlyList<EvaluationFigure> All { get; } =
    [
        .. Enum.GetValues<EvaluationFigure>().Where(figure => figure != EvaluationFigure.ListedMatching),
    ];

    /// <summary>Matching accuracy of 1 in N.</summary>
    /// <param name="candidateCount">N, 2 to 10.</param>
    /// <exception cref="ArgumentOutOfRangeException">N is out of its range.</exception>
    public static EvaluationFigure Matching(int candidateCount)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(candidateCount, SmallestMatching);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(candidateCount, LargestMatching);
        return EvaluationFigure.MatchingOf2 + (candidateCount - SmallestMatching);
    }

    /// <summary>Whether less is better: error rates and costs.</summary>
    /// <param name="figure">The figure.</param>
    public static bool LowerIsBetter(EvaluationFigure figure) =>
        figure is EvaluationFigure.EqualErrorRate or EvaluationFigure.DetectionCostAt1Percent or EvaluationFigure.DetectionCostAt5Percent;

    /// <summary>The name of the figure in metrics.json, as in <c>matching_1_of_2</c>.</summary>
    /// <param name="figure">The figure.</param>
    public static string Key(EvaluationFigure figure) => figure switch
    {
        EvaluationFigure.Auc => "auc",
        EvaluationFigure.EqualErrorRate => "eer",
        EvaluationFigure.DetectionCostAt1Percent => "min_dcf_01",
        EvaluationFigure.DetectionCostAt5Percent => "min_dcf_05",
        EvaluationFigure.MeanReciprocalRank => "mrr",
        EvaluationFigure.RecallAt1 => "recall_at_1",
        EvaluationFigure.RecallAt5 => "recall_at_5",
        EvaluationFigure.RecallAt10 => "recall_at_10",
        EvaluationFigure.MeanAveragePrecision => "map",
        EvaluationFigure.ListedMatching => "accuracy",
        _ => $"matching_1_of_{SmallestMatching + (figure - EvaluationFigure.MatchingOf2)}",
    };

    /// <summary>The operating points of the detection costs, in the order of the figures.</summary>
    internal static IReadOnlyList<DetectionCost> Costs { get; } =
    [
        new DetectionCost { TargetPrior = 0.01 },
        new DetectionCost { TargetPrior = 0.05 },
    ];
}
