using System.Globalization;
using CrossModalVae.Metrics;

namespace CrossModalVae.Analysis.Tests.Metrics;

public class ScoreCalibrationTests
{
    // Both are the minimum of one convex function, found by Newton's method; what is left are roundings of sums over up to 600 trials.
    private const double SameMinimum = 1e-9;

    // scikit-learn's own Platt scaling stops at BFGS's gradient tolerance of 1e-5.
    private const double BfgsTolerance = 1e-6;
    private const double Rounding = 1e-12;

    [Theory]
    [InlineData("balanced")]
    [InlineData("unbalanced")]
    [InlineData("distances")]
    [InlineData("separable")]
    public void Fit_ScikitLearnsCases_AreItsFit(string name)
    {
        (double[] scores, bool[] isTarget) = Read(name);
        double[][] expected = Expected(name);

        ScoreCalibration fit = ScoreCalibration.Fit(scores, isTarget);

        AssertNear(expected[0][0], fit.Slope, SameMinimum);
        AssertNear(expected[0][1], fit.Intercept, SameMinimum);
        AssertNear(expected[1][0], fit.Slope, BfgsTolerance);
        AssertNear(expected[1][1], fit.Intercept, BfgsTolerance);
    }

    [Theory]
    [InlineData("balanced")]
    [InlineData("unbalanced")]
    [InlineData("distances")]
    [InlineData("separable")]
    public void Probability_ScikitLearnsCases_HaveItsLossesAndReliability(string name)
    {
        (double[] scores, bool[] isTarget) = Read(name);
        double[][] expected = Expected(name);
        ScoreCalibration fit = ScoreCalibration.Fit(scores, isTarget);

        ProbabilityLosses losses = ProbabilityLosses.Compute([.. scores.Select(fit.LogOdds)], isTarget);
        IReadOnlyList<ReliabilityBin> table = ReliabilityTable.Compute([.. scores.Select(fit.Probability)], isTarget);

        AssertNear(expected[2][0], losses.BrierLoss, SameMinimum);
        AssertNear(expected[2][1], losses.ExpectedCalibrationError, SameMinimum);
        AssertNear(expected[2][2], losses.LogLoss, SameMinimum);
        Assert.Equal(expected.Length - 3, table.Count);
        for (int i = 0; i < table.Count; i++)
        {
            AssertNear(expected[i + 3][0], table[i].Predicted, SameMinimum);
            AssertNear(expected[i + 3][1], table[i].Observed, SameMinimum);
        }
    }

    [Fact]
    public void Fit_Weights_AreAtTheMinimumOfTheWeighedLoss()
    {
        (double[] scores, bool[] isTarget) = Read("unbalanced");
        int targets = isTarget.Count(target => target), others = scores.Length - targets;
        double[] weights = [.. isTarget.Select((target, i) => scores.Length / (target ? 2.0 * targets : 2.0 * others) * (1 + (i % 3)) / 2)];

        ScoreCalibration fit = ScoreCalibration.Fit(scores, isTarget, weights);

        double ofSlope = 0, ofIntercept = 0, share = 0;
        for (int i = 0; i < scores.Length; i++)
        {
            double expected = isTarget[i] ? (targets + 1.0) / (targets + 2.0) : 1.0 / (others + 2.0);
            double excess = weights[i] * ((fit with { Prior = fit.TrialPrior }).Probability(scores[i]) - expected);
            (ofSlope, ofIntercept) = (ofSlope + (excess * scores[i]), ofIntercept + excess);
            share += isTarget[i] ? weights[i] : 0;
        }

        Assert.Equal(0, ofSlope, SameMinimum);
        Assert.Equal(0, ofIntercept, SameMinimum);
        Assert.Equal(share / weights.Sum(), fit.TrialPrior, Rounding);
    }

    [Fact]
    public void Losses_Weights_CountAsRepetitions()
    {
        double[] logOdds = [-2, -0.5, 0.3, 1.5, 2.5];
        bool[] cameTrue = [false, true, false, true, true];
        int[] repeats = [3, 1, 2, 1, 4];
        int[] each = [.. repeats.SelectMany((count, i) => Enumerable.Repeat(i, count))];

        ProbabilityLosses weighed = ProbabilityLosses.Compute(logOdds, cameTrue, [.. repeats.Select(count => (double)count)]);

        ProbabilityLosses repeated = ProbabilityLosses.Compute([.. each.Select(i => logOdds[i])], [.. each.Select(i => cameTrue[i])]);
        Assert.Equal(repeated.BrierLoss, weighed.BrierLoss, Rounding);
        Assert.Equal(repeated.LogLoss, weighed.LogLoss, Rounding);
        Assert.Equal(repeated.ExpectedCalibrationError, weighed.ExpectedCalibrationError, Rounding);
    }

    [Fact]
    public void Fit_TwoScoresThatSeparate_IsPlattsTargetByHand()
    {
        // Two targets at 1, two others at -1: Platt's targets are 3/4 and 1/4, so the log-odds are +-ln 3.
        ScoreCalibration fit = ScoreCalibration.Fit([1, 1, -1, -1], [true, true, false, false]);

        Assert.Equal(Math.Log(3), fit.Slope, Rounding);
        Assert.Equal(0, fit.Intercept, Rounding);
        Assert.Equal(0.75, fit.Probability(1), Rounding);
        Assert.Equal((0.5, 0.5), (fit.TrialPrior, fit.Prior));
    }

    [Fact]
    public void Fit_ManyTrialsThatSeparate_IsFinite()
    {
        const int Half = 200_000;
        double[] scores = [.. Enumerable.Range(0, 2 * Half).Select(i => i % 2 == 0 ? 1e-3 : -1e-3)];
        bool[] isTarget = [.. Enumerable.Range(0, 2 * Half).Select(i => i % 2 == 0)];

        ScoreCalibration fit = ScoreCalibration.Fit(scores, isTarget);

        AssertNear(1e3 * Math.Log(Half + 1), fit.Slope, SameMinimum);
    }

    [Fact]
    public void Fit_InvertedScores_HasANegativeSlope()
    {
        ScoreCalibration fit = ScoreCalibration.Fit([-1, -1, 1, 1], [true, true, false, false]);

        Assert.Equal(-Math.Log(3), fit.Slope, Rounding);
    }

    [Fact]
    public void Fit_ShiftedAndScaledScores_SaysTheSame()
    {
        (double[] scores, bool[] isTarget) = Read("balanced");

        ScoreCalibration plain = ScoreCalibration.Fit(scores, isTarget);
        ScoreCalibration moved = ScoreCalibration.Fit([.. scores.Select(score => (512 * score) - 4096)], isTarget);

        Assert.All(scores, score => Assert.Equal(plain.Probability(score), moved.Probability((512 * score) - 4096), SameMinimum));
    }

    [Theory]
    [InlineData(0.1)]
    [InlineData(0.5)]
    [InlineData(0.999)]
    public void Probability_OtherPrior_ShiftsTheLogOdds(double prior)
    {
        var calibration = new ScoreCalibration { Slope = 2, Intercept = -1, TrialPrior = 0.2, Prior = prior };

        Assert.Equal((2 * 0.7) - 1 + Math.Log(prior / (1 - prior)) - Math.Log(0.2 / 0.8), calibration.LogOdds(0.7), Rounding);
        Assert.Equal(1 / (1 + Math.Exp(-calibration.LogOdds(0.7))), calibration.Probability(0.7), Rounding);
    }

    [Theory]
    [InlineData(new[] { 0.5, double.NaN }, new[] { true, false }, "'scores' has NaN at trial 1; must be finite.")]
    [InlineData(new[] { double.PositiveInfinity, 1 }, new[] { true, false }, "'scores' has Infinity at trial 0; must be finite.")]
    [InlineData(new[] { 0.5, 0.25 }, new[] { true, true }, "2 of 2 trials are targets; both classes must be there.")]
    [InlineData(new[] { 0.5, 0.25 }, new[] { false, false }, "0 of 2 trials are targets; both classes must be there.")]
    [InlineData(new[] { 0.5, 0.5 }, new[] { true, false },
        "All 2 scores are 0.5; they must differ, or there is nothing to tell people apart by.")]
    [InlineData(new[] { 0.5 }, new[] { true, false }, "'scores' has 1 values and 'isTarget' 2; must be equally many.")]
    public void Fit_TrialsWithoutInformation_AreRefused(double[] scores, bool[] isTarget, string sentence)
    {
        var e = Assert.Throws<ArgumentException>(() => ScoreCalibration.Fit(scores, isTarget));

        Assert.StartsWith(sentence, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Validate_SeveralFaults_ReportsAll()
    {
        var calibration = new ScoreCalibration { Slope = double.NaN, Intercept = 0, TrialPrior = 1, Prior = 0 };

        var e = Assert.Throws<ArgumentException>(calibration.Validate);

        Assert.Equal(
            "'Slope' is NaN; must be finite. 'TrialPrior' is 1; must be > 0 and < 1. 'Prior' is 0; must be > 0 and < 1.", e.Message);
    }

    private static void AssertNear(double expected, double actual, double relative) =>
        Assert.True(Math.Abs(expected - actual) <= relative * Math.Max(1, Math.Abs(expected)), $"{actual:R} is not {expected:R}");

    private static string Golden(string file) => Path.Combine(AppContext.BaseDirectory, "Golden", "Calibration", file);

    private static (double[] Scores, bool[] IsTarget) Read(string name)
    {
        string[][] lines = [.. File.ReadAllLines(Golden($"{name}.csv")).Skip(1).Select(line => line.Split(','))];
        return ([.. lines.Select(line => double.Parse(line[0], CultureInfo.InvariantCulture))], [.. lines.Select(line => line[1] == "1")]);
    }

    private static double[][] Expected(string name) =>
    [
        .. File.ReadAllLines(Golden($"{name}.expected.csv"))
            .Select(line => line.Split(',').Select(number => double.Parse(number, CultureInfo.InvariantCulture)).ToArray()),
    ];
}
