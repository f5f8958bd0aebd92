using CrossModalVae.Metrics;
using CrossModalVae.Numerics;

namespace CrossModalVae.Analysis.Tests.Metrics;

public class RankedRelevanceTests
{
    private const double Exact = 1e-12;

    // Five standard errors of a mean of 20,000 draws of a value in [0, 1] (deviation at most 0.5).
    private const double DrawTolerance = 5 * 0.5 / 141.4;

    [Fact]
    public void Scores_RelevantAtTwoAndFive_MatchHandCount()
    {
        int[] ranks = [2, 5];

        Assert.Equal(0.5, RankedRelevance.ReciprocalRankScore(ranks), Exact);
        Assert.Equal((1 / 2.0 + 2 / 5.0) / 2, RankedRelevance.AveragePrecisionScore(ranks), Exact);
        Assert.Equal(0, RankedRelevance.HitScore(ranks, 1));
        Assert.Equal(1, RankedRelevance.HitScore(ranks, 2));
    }

    [Fact]
    public void Scores_NothingRelevant_IsRefused()
    {
        var e = Assert.Throws<ArgumentException>(() => RankedRelevance.ReciprocalRankScore([]));

        Assert.StartsWith("'relevantRanks' is empty; a query needs at least one relevant item.", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(7, 7)]
    [InlineData(10, 1)]
    [InlineData(12, 3)]
    public void ChanceLevel_AnySizes_IsMeanOverRandomOrders(int items, int relevant)
    {
        var random = new SeededRandom(9);
        int[] order = [.. Enumerable.Range(1, items)];
        const int Draws = 20_000;
        double reciprocal = 0;
        double precision = 0;
        double hit = 0;

        for (int i = 0; i < Draws; i++)
        {
            random.Shuffle(order.AsSpan());
            int[] ranks = [.. order.Take(relevant).Order()];
            reciprocal += RankedRelevance.ReciprocalRankScore(ranks) / Draws;
            precision += RankedRelevance.AveragePrecisionScore(ranks) / Draws;
            hit += RankedRelevance.HitScore(ranks, 2) / Draws;
        }

        Assert.Equal(reciprocal, ChanceLevel.ReciprocalRank(items, relevant), DrawTolerance);
        Assert.Equal(precision, ChanceLevel.AveragePrecision(items, relevant), DrawTolerance);
        Assert.Equal(hit, ChanceLevel.Hit(items, relevant, 2), DrawTolerance);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(5, 0)]
    [InlineData(5, 6)]
    public void ChanceLevel_SizesThatCannotBe_AreRefused(int items, int relevant)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => ChanceLevel.ReciprocalRank(items, relevant));
        Assert.Throws<ArgumentOutOfRangeException>(() => ChanceLevel.AveragePrecision(items, relevant));
        Assert.Throws<ArgumentOutOfRangeException>(() => ChanceLevel.Hit(items, relevant, 1));
    }
}
