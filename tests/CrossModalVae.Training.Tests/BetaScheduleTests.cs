using CrossModalVae.Recipes;

namespace CrossModalVae.Training.Tests;

public class BetaScheduleTests
{
    [Theory]
    [InlineData(1, 0.0)]
    [InlineData(2, 0.1)]
    [InlineData(3, 0.2)]
    [InlineData(5, 0.4)]
    [InlineData(6, 0.4)]
    public void BetaOf_WarmUp_GrowsLinearlyFromZero(int epoch, double beta)
    {
        Assert.Equal(beta, Objective.BetaOf(new ObjectiveOptions { Beta = 0.4, BetaWarmUpEpochs = 4 }, epoch), 1e-15);
    }

    [Fact]
    public void BetaOf_NoWarmUp_IsFullFromTheStart()
    {
        Assert.Equal(0.1, Objective.BetaOf(new ObjectiveOptions { Beta = 0.1 }, 1));
    }
}
