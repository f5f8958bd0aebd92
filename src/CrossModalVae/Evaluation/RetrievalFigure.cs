using CrossModalVae.Metrics;

namespace CrossModalVae.Evaluation;

/// <summary>One figure of a ranking.</summary>
/// <param name="Figure">Which.</param>
/// <param name="Score">Of the one-based ranks of the relevant items, ascending.</param>
/// <param name="Chance">Of the numbers of items and of relevant ones.</param>
internal sealed record RetrievalFigure(EvaluationFigure Figure, Func<int[], double> Score, Func<int, int, double> Chance)
{
    public static IReadOnlyList<RetrievalFigure> All { get; } =
    [
        new(EvaluationFigure.MeanReciprocalRank, ranks => RankedRelevance.ReciprocalRankScore(ranks), ChanceLevel.ReciprocalRank),
        Recall(EvaluationFigure.RecallAt1, 1),
        Recall(EvaluationFigure.RecallAt5, 5),
        Recall(EvaluationFigure.RecallAt10, 10),
        new(EvaluationFigure.MeanAveragePrecision, ranks => RankedRelevance.AveragePrecisionScore(ranks), ChanceLevel.AveragePrecision),
    ];

    private static RetrievalFigure Recall(EvaluationFigure figure, int count) =>
        new(figure, ranks => RankedRelevance.HitScore(ranks, count), (items, relevant) => ChanceLevel.Hit(items, relevant, count));
}
