namespace CrossModalVae.Synthesis.Tests;

public class IdealMatcherTests
{
    private const double Exact = 1e-9;

    // Four standard errors of an AUC over 20,000 pairs (about 0.0016 each) and a little.
    private const double AucTolerance = 0.008;
    private const int People20K = 20_000;

    private static readonly SyntheticCorrelations None = new() { Size = 0, Age = 0, Build = 0, Origin = 0 };

    [Theory]
    [InlineData(0.8, 0.3, -1.2)]
    [InlineData(0.5, 2.0, 1.5)]
    [InlineData(-0.6, 1.0, 1.0)]
    [InlineData(0.0, 1.0, -3.0)]
    public void GaussianLogRatio_OneTrait_IsTheRatioOfTheDensities(double rho, double v, double f)
    {
        double joint =
            Math.Exp(-((v * v) - (2 * rho * v * f) + (f * f)) / (2 * (1 - (rho * rho)))) / (2 * Math.PI * Math.Sqrt(1 - (rho * rho)));
        double apart = Density(v) * Density(f);

        Assert.Equal(Math.Log(joint / apart), IdealMatcher.GaussianLogRatio(v, f, rho), Exact);
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(0.8)]
    public void GaussianLogRatio_OverPairsOfTwoPeople_HasMeanLikelihoodRatioOne(double rho)
    {
        double mean = 0;
        double step = 0.05;
        foreach ((double v, double f) in Square(step))
        {
            mean += Density(v) * Density(f) * Math.Exp(IdealMatcher.GaussianLogRatio(v, f, rho)) * step * step;
        }

        Assert.Equal(1, mean, 1e-6);
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(0.8)]
    public void Score_OneGaussianTrait_HasTheAucOfNumericIntegration(double rho)
    {
        var cells = Square(0.04)
            .Select(c => (Score: IdealMatcher.GaussianLogRatio(c.V, c.F, rho), Apart: Density(c.V) * Density(c.F)))
            .ToArray();
        double withinSex = Statistics.Auc(cells.Select(c => (c.Score, c.Apart * Math.Exp(c.Score))), cells.Select(c => (c.Score, c.Apart)));
        SyntheticCorrelations correlations = None with { Size = rho };

        (double[] targets, double[] others) = People.Scores(People.Sample(People20K, correlations), correlations);

        // Half of the pairs of two people differ in sex and lose at once.
        Assert.Equal(0.5 + (0.5 * withinSex), Statistics.Auc(targets, others), AucTolerance);
    }

    [Fact]
    public void Score_SexAlone_HasAucThreeQuarters()
    {
        (double[] targets, double[] others) = People.Scores(People.Sample(People20K, None), None);

        Assert.All(targets, score => Assert.Equal(Math.Log(2), score, Exact));
        Assert.Equal(0.75, Statistics.Auc(targets, others), AucTolerance);
    }

    [Fact]
    public void Score_HigherCorrelations_HaveHigherAuc()
    {
        double[] areas = [.. new[] { 0.0, 0.3, 0.6, 0.9 }.Select(rho =>
        {
            var correlations = new SyntheticCorrelations { Size = rho, Age = rho, Build = rho, Origin = rho };
            (double[] targets, double[] others) = People.Scores(People.Sample(4_000, correlations), correlations);
            return Statistics.Auc(targets, others);
        })];

        Assert.Equal(areas.Order(), areas);
        Assert.True(areas[3] > areas[0] + 0.2, $"{areas[0]} to {areas[3]}");
    }

    [Fact]
    public void Score_DefaultCorrelations_LeaveACeilingBelowOne()
    {
        var correlations = new SyntheticCorrelations();

        (double[] targets, double[] others) = People.Scores(People.Sample(People20K, correlations), correlations);

        // An independent Monte Carlo in numpy (400,000 pairs) gives 0.9394.
        Assert.Equal(0.9394, Statistics.Auc(targets, others), AucTolerance);
    }

    [Fact]
    public void Score_TrueCorrelations_BeatsAMatcherThatBelievesOthers()
    {
        var truth = new SyntheticCorrelations { Size = 0.9, Age = 0.1, Build = 0, Origin = 0 };
        var belief = new SyntheticCorrelations { Size = 0.1, Age = 0.9, Build = 0.5, Origin = 0.5 };
        var people = People.Sample(4_000, truth);

        (double[] targets, double[] others) = People.Scores(people, truth);
        (double[] wrongTargets, double[] wrongOthers) = People.Scores(people, belief);

        Assert.True(Statistics.Auc(targets, others) > Statistics.Auc(wrongTargets, wrongOthers) + 0.05);
    }

    [Fact]
    public void Score_DifferentSexes_IsImpossible()
    {
        var matcher = new IdealMatcher(new SyntheticCorrelations());

        Assert.Equal(double.NegativeInfinity, matcher.Score(People.Voice(People.Shared(Sex.Male)), People.Face(People.Shared(Sex.Female))));
    }

    [Fact]
    public void Constructor_CorrelationOfOne_IsRefused()
    {
        var e = Assert.Throws<ArgumentException>(() => new IdealMatcher(new SyntheticCorrelations { Age = 1 }));

        Assert.Equal("'Correlations.Age' is 1; must be >= 0 and < 1.", e.Message);
    }

    private static double Density(double x) => Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI);

    private static IEnumerable<(double V, double F)> Square(double step)
    {
        int half = (int)(6 / step);
        for (int i = -half; i <= half; i++)
        {
            for (int j = -half; j <= half; j++)
            {
                yield return (i * step, j * step);
            }
        }
    }
}
