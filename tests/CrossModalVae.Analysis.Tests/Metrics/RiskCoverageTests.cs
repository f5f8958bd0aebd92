using CrossModalVae.Metrics;

namespace CrossModalVae.Analysis.Tests.Metrics;

public class RiskCoverageTests
{
    private const double Exact = 1e-12; // double sums of a few terms

    [Fact]
    public void Area_FourAnswers_ByHand()
    {
        // Surest first: right, wrong, right, wrong. Selective risks 0, 1/2, 1/3, 1/2.
        var curve = new RiskCoverage([0.9, 0.8, 0.7, 0.6], [0, 1, 0, 1]);

        Assert.Equal((0 + 0.5 + (1 / 3.0) + 0.5) / 4, curve.Area, Exact);
        Assert.Equal(0.5, curve.Risk);
        Assert.Equal([0.25, 0.5, 0.75, 1], curve.Curve(100).Select(point => point.Coverage));
        Assert.Equal([0, 0.5, 1 / 3.0, 0.5], curve.Curve(4).Select(point => point.Risk));
    }

    // numpy 1.24: r = np.sort(np.r_[np.zeros(7), np.ones(3)]); (np.cumsum(r) / np.arange(1, 11)).mean(), and reversed
    [Fact]
    public void Area_IdealAndWorstOrders_HaveKnownValues()
    {
        double[] risks = [0, 0, 0, 0, 0, 0, 0, 1, 1, 1];

        Assert.Equal(((1 / 8.0) + (2 / 9.0) + (3 / 10.0)) / 10, RiskCoverage.Ideal(risks).Area, Exact);
        Assert.Equal((3 + Enumerable.Range(4, 7).Sum(k => 3.0 / k)) / 10, new RiskCoverage(risks, risks).Area, Exact);
    }

    [Fact]
    public void Area_ConstantConfidence_IsTheRisk()
    {
        var curve = new RiskCoverage([1, 1, 1, 1, 1], [0, 1, 0.5, 0, 1]);

        Assert.Equal(0.5, curve.Area, Exact);
        Assert.All(curve.Curve(5), point => Assert.Equal(0.5, point.Risk, Exact));
    }

    [Fact]
    public void Area_Ties_AreTheMeanOverTheirOrders()
    {
        double[] confidences = [3, 2, 2, 2, 1], risks = [0, 1, 0, 0.5, 1];
        double[] areas =
        [
            .. from a in new[] { 1, 2, 3 }
            from b in new[] { 1, 2, 3 }
            where a != b
            select Definition([0, a, b, 6 - a - b, 4], risks),
        ];

        Assert.Equal(areas.Average(), new RiskCoverage(confidences, risks).Area, Exact);
    }

    [Fact]
    public void AreaOf_Weights_AreRepeatedAnswers()
    {
        var random = new Random(5); // any numbers do
        double[] confidences = [.. Enumerable.Range(0, 40).Select(_ => (double)random.Next(15))];
        double[] risks = [.. Enumerable.Range(0, 40).Select(_ => random.Next(3) / 2.0)];
        int[] weights = [.. Enumerable.Range(0, 40).Select(_ => random.Next(4))];
        int[] repeated = [.. Enumerable.Range(0, 40).SelectMany(i => Enumerable.Repeat(i, weights[i]))];

        double expected = new RiskCoverage(
            [.. repeated.Select(i => confidences[i])], [.. repeated.Select(i => risks[i])]).Area;

        Assert.Equal(expected, new RiskCoverage(confidences, risks).AreaOf(weights), Exact);
        Assert.Equal(double.NaN, new RiskCoverage(confidences, risks).AreaOf(new int[40]));
    }

    [Fact]
    public void Constructor_BadAnswers_AreRefused()
    {
        Assert.StartsWith("There are 0 confidences and 0 risks", Refusal([], []));
        Assert.StartsWith("There are 1 confidences and 2 risks", Refusal([1], [0, 1]));
        Assert.StartsWith("Answer 1 has confidence NaN and risk 0", Refusal([1, double.NaN], [0, 0]));
        Assert.StartsWith("Answer 0 has confidence 1 and risk 1.5", Refusal([1], [1.5]));

        static string Refusal(double[] confidences, double[] risks) =>
            Assert.Throws<ArgumentException>(() => new RiskCoverage(confidences, risks)).Message;
    }

    private static double Definition(int[] order, double[] risks) =>
        Enumerable.Range(1, order.Length).Average(k => order.Take(k).Average(i => risks[i]));
}
