using CrossModalVae.Recipes;

namespace CrossModalVae.Training.Tests;

public class LearningRateTests
{
    [Theory]
    [InlineData(0, 0.25)]
    [InlineData(1, 0.5)]
    [InlineData(3, 1.0)]
    [InlineData(4, 1.0)] // the cosine begins
    [InlineData(7, 0.6)] // half of the way from 1 to 0.2
    [InlineData(10, 0.2)]
    public void At_CosineAfterWarmUpOfFour_IsTheDefinition(long step, double expected)
    {
        var options = new TrainingOptions
        {
            LearningRate = 1,
            Schedule = LearningRateSchedule.Cosine,
            WarmUpShare = 0.4,
            FinalRateShare = 0.2,
        };

        Assert.Equal(expected, LearningRate.At(options, step, 10), 1e-12);
    }

    [Fact]
    public void At_Constant_IsTheRateOnceWarm()
    {
        var options = new TrainingOptions { LearningRate = 0.5, WarmUpShare = 0.2 };

        Assert.Equal([0.25, 0.5, 0.5, 0.5], new long[] { 0, 1, 2, 9 }.Select(step => LearningRate.At(options, step, 10)));
    }
}
