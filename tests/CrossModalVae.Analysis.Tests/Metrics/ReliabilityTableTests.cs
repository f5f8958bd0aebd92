using CrossModalVae.Metrics;

namespace CrossModalVae.Analysis.Tests.Metrics;

public class ReliabilityTableTests
{
    private const double Rounding = 1e-12;

    [Fact]
    public void Compute_FourTrials_IsTheTableByHand()
    {
        // Two bins: 0.2 and 0.4 below one half, of which one came true; 0.6 and 1 above, of which both did.
        IReadOnlyList<ReliabilityBin> table = ReliabilityTable.Compute([0.2, 0.4, 0.6, 1], [false, true, true, true], 2);

        Assert.Equal([2L, 2L], table.Select(bin => bin.Count));
        Assert.Equal(0.3, table[0].Predicted, Rounding);
        Assert.Equal(0.5, table[0].Observed, Rounding);
        Assert.Equal(0.8, table[1].Predicted, Rounding);
        Assert.Equal(1, table[1].Observed, Rounding);
        Assert.Equal((0.2 + 0.2) / 2, ReliabilityTable.ExpectedError(table), Rounding);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0.1, 0)] // edges belong to the lower bin
    [InlineData(0.10000000000000002, 1)]
    [InlineData(0.3, 2)]
    [InlineData(0.7, 6)]
    [InlineData(0.70000000000000007, 7)]
    [InlineData(1, 9)]
    public void BinOf_Edges_BelongToTheLowerBin(double probability, int bin) => Assert.Equal(bin, ReliabilityTable.BinOf(probability, 10));

    [Fact]
    public void Compute_BinsWithoutTrials_AreLeftOut() => Assert.Equal(2, ReliabilityTable.Compute([0.05, 0.95], [false, true]).Count);

    [Theory]
    [InlineData(new[] { 0.5, 1.5 }, new[] { true, false }, "'probabilities' has 1.5 at trial 1; must be 0 to 1.")]
    [InlineData(new[] { double.NaN }, new[] { true }, "'probabilities' has NaN at trial 0; must be 0 to 1.")]
    [InlineData(new double[0], new bool[0], "'probabilities' is empty; must have at least one trial.")]
    [InlineData(new[] { 0.5 }, new[] { true, false }, "'probabilities' has 1 values and 'cameTrue' 2; must be equally many.")]
    public void Compute_NoProbabilities_AreRefused(double[] probabilities, bool[] cameTrue, string sentence)
    {
        var e = Assert.Throws<ArgumentException>(() => ReliabilityTable.Compute(probabilities, cameTrue));

        Assert.StartsWith(sentence, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Losses_FourTrials_AreThoseByHand()
    {
        double[] logOdds = [Math.Log(3), Math.Log(3), -Math.Log(3), 0]; // 0.75, 0.75, 0.25, 0.5

        ProbabilityLosses losses = ProbabilityLosses.Compute(logOdds, [true, false, false, true]);

        Assert.Equal((0.0625 + 0.5625 + 0.0625 + 0.25) / 4, losses.BrierLoss, Rounding);
        Assert.Equal(-(Math.Log(0.75) + Math.Log(0.25) + Math.Log(0.75) + Math.Log(0.5)) / 4, losses.LogLoss, Rounding);
        Assert.Equal(((2 * 0.25) + 0.25 + 0.5) / 4, losses.ExpectedCalibrationError, Rounding);
    }

    [Fact]
    public void Losses_SureAndWrong_CostWhatTheySayAndNotInfinity()
    {
        ProbabilityLosses losses = ProbabilityLosses.Compute([1000, -1000], [false, false]);

        Assert.Equal(500, losses.LogLoss, Rounding);
        Assert.Equal(0.5, losses.BrierLoss, Rounding);
    }

    [Fact]
    public void Losses_NotANumber_IsRefused()
    {
        var e = Assert.Throws<ArgumentException>(() => ProbabilityLosses.Compute([0, double.NaN], [true, false]));

        Assert.StartsWith("'logOdds' has NaN at trial 1; must be finite.", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void BinOf_EveryEdgeOfUpTo60Bins_IsTheLastOfItsBin()
    {
        for (int bins = 1; bins <= 60; bins++)
        {
            for (int edge = 1; edge <= bins; edge++)
            {
                double probability = (double)edge / bins;
                Assert.Equal(edge - 1, ReliabilityTable.BinOf(probability, bins));
                Assert.Equal(edge - 1, ReliabilityTable.BinOf(Math.BitDecrement(probability), bins));
                if (edge < bins)
                {
                    Assert.Equal(edge, ReliabilityTable.BinOf(Math.BitIncrement(probability), bins));
                }
            }
        }
    }

    [Fact]
    public void ExpectedError_NoBins_IsRefused()
    {
        var e = Assert.Throws<ArgumentException>(() => ReliabilityTable.ExpectedError([]));

        Assert.StartsWith("'bins' is empty; must have at least one bin.", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Compute_NoBinOrNoTrial_IsRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => ReliabilityTable.Compute([0.5], [true], 0));
        Assert.Throws<ArgumentException>(() => ReliabilityTable.Compute([], []));
        Assert.Throws<ArgumentException>(() => ReliabilityTable.Compute([0.5, 0.5], [true]));
    }
}
