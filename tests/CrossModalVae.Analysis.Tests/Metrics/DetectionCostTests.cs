using CrossModalVae.Metrics;

namespace CrossModalVae.Analysis.Tests.Metrics;

public class DetectionCostTests
{
    private const double Exact = 1e-12; // Small counts: only rounding differs.

    [Theory]
    [InlineData(new[] { 4f, 3f, 2f, 1f }, new[] { true, true, false, false }, 0.0)] // one threshold parts them
    [InlineData(new[] { 1f, 2f, 3f, 4f }, new[] { true, true, false, false }, 1.0)] // rejecting all is best
    [InlineData(new[] { 4f, 3f, 2f, 1f }, new[] { true, false, true, false }, 0.5)] // half missed, nothing accepted falsely
    [InlineData(new[] { 1f, 1f, 1f, 1f }, new[] { true, false, true, false }, 1.0)] // all tied
    public void Minimum_FourTrials_MatchesHandCount(float[] scores, bool[] isTarget, double expected)
    {
        Assert.Equal(expected, new DetectionCost().Minimum(RocCurve.Compute(scores, isTarget)), Exact);
    }

    [Fact]
    public void Minimum_FalseAcceptancesThatCostNothingMuch_AcceptsThem()
    {
        RocCurve curve = RocCurve.Compute([4f, 3f, 2f, 1f], [false, true, true, false]);

        // Accepting the upper three: no miss, half of the non-targets. 0.5 x 0.1 x 0.5 over min(0.5, 0.05) = 0.5.
        Assert.Equal(0.5, new DetectionCost { TargetPrior = 0.5, FalseAcceptanceCost = 0.1 }.Minimum(curve), Exact);
    }

    [Fact]
    public void Minimum_BadOptions_ReportsEveryFault()
    {
        RocCurve curve = RocCurve.Compute([2f, 1f], [true, false]);

        var e = Assert.Throws<ArgumentException>(
            () => new DetectionCost { TargetPrior = 1, MissCost = 0, FalseAcceptanceCost = double.NaN }.Minimum(curve));

        Assert.Equal(
            "'TargetPrior' is 1; must be above 0 and below 1. 'MissCost' is 0; must be above 0. "
            + "'FalseAcceptanceCost' is NaN; must be above 0.",
            e.Message);
    }
}
