using CrossModalVae.Metrics;

namespace CrossModalVae.Analysis.Tests.Metrics;

public class LogisticTests
{
    private const double Relative = 3e-11; // where the logarithm takes over, 1 + e is rounded by 1e-16 of e = 1e-5

    [Theory]
    [InlineData(-36)]
    [InlineData(-12)]
    [InlineData(-11.6)] // e = 9.2e-6: the series
    [InlineData(-11.4)] // e = 1.1e-5: the logarithm
    [InlineData(-3)]
    public void Softplus_Negative_IsTheSeriesOfTheLogarithm(double x)
    {
        double e = Math.Exp(x), expected = 0;
        for (int n = 60; n >= 1; n--)
        {
            expected += (n % 2 == 1 ? 1 : -1) * Math.Pow(e, n) / n; // the smallest terms first
        }

        Assert.InRange(Logistic.Softplus(x) / expected, 1 - Relative, 1 + Relative);
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(4)]
    [InlineData(700)]
    public void Softplus_Positive_IsXPlusThatOfItsNegative(double x) =>
        Assert.Equal(x + Logistic.Softplus(-x), Logistic.Softplus(x), 1e-12);

    [Theory]
    [InlineData(-30)]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(2)]
    public void LogOdds_OfProbability_IsTheInverse(double x) => Assert.Equal(x, Logistic.LogOdds(Logistic.Probability(x)), 1e-12);
}
