using CrossModalVae.Metrics;

namespace CrossModalVae.Evaluation;

/// <summary>What rankings of a whole gallery scored.</summary>
/// <param name="MeanReciprocalRank">Mean over probes of 1 / rank of the first relevant item.</param>
/// <param name="RecallAt1">Share of probes with a relevant item at rank 1.</param>
/// <param name="RecallAt5">Share of probes with a relevant item among the first 5.</param>
/// <param name="RecallAt10">Share of probes with a relevant item among the first 10.</param>
/// <param name="MeanAveragePrecision">Mean over probes of average precision over all relevant items.</param>
public sealed record RetrievalFigures(
    MetricValue MeanReciprocalRank, MetricValue RecallAt1, MetricValue RecallAt5, MetricValue RecallAt10, MetricValue MeanAveragePrecision)
{
    /// <summary>Figures of some probes.</summary>
    /// <param name="ranks">Per probe the one-based ranks of its relevant items, ascending, at least one each.</param>
    /// <param name="galleryCount">Items of the gallery.</param>
    internal static RetrievalFigures Compute(IReadOnlyList<int[]> ranks, int galleryCount)
    {
        return new RetrievalFigures(
            Mean(own => RankedRelevance.ReciprocalRankScore(own), relevant => ChanceLevel.ReciprocalRank(galleryCount, relevant)),
            Recall(1),
            Recall(5),
            Recall(10),
            Mean(own => RankedRelevance.AveragePrecisionScore(own), relevant => ChanceLevel.AveragePrecision(galleryCount, relevant)));

        MetricValue Recall(int k) =>
            Mean(own => RankedRelevance.HitScore(own, k), relevant => ChanceLevel.Hit(galleryCount, relevant, k));

        MetricValue Mean(Func<int[], double> score, Func<int, double> chance)
        {
            var chances = ranks.Select(own => own.Length).Distinct().ToDictionary(count => count, chance);
            return new MetricValue(ranks.Average(score), ranks.Average(own => chances[own.Length]), ranks.Count);
        }
    }
}
