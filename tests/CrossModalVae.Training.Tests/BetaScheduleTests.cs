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
    public void At_WarmUp_GrowsLinearlyFromZero(int epoch, double beta)
    {
        Assert.Equal(beta, BetaSchedule.At(new ObjectiveOptions { Beta = 0.4, BetaWarmUpEpochs = 4 }, epoch), 1e-15);
    }

    [Fact]
    public void At_NoWarmUp_IsFullFromTheStart()
    {
        Assert.Equal(0.1, BetaSchedule.At(new ObjectiveOptions { Beta = 0.1 }, 1));
    }
}
