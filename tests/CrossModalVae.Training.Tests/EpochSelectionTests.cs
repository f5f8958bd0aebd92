using CrossModalVae.Models;
using CrossModalVae.Recipes;

namespace CrossModalVae.Training.Tests;

public class EpochSelectionTests
{
    [Theory]
    [InlineData(SelectionCriterion.ValidationAuc, 0.7, 2.0, 0.6, 1.0, true)] // the higher AUC
    [InlineData(SelectionCriterion.ValidationAuc, 0.6, 1.0, 0.7, 2.0, false)]
    [InlineData(SelectionCriterion.ValidationAuc, 0.6, 1.0, 0.6, 2.0, true)] // a tie: the lower loss
    [InlineData(SelectionCriterion.ValidationAuc, 0.6, 2.0, 0.6, 2.0, false)] // all the same: the earlier
    [InlineData(SelectionCriterion.ValidationLoss, 0.5, 1.0, 0.9, 2.0, true)]
    [InlineData(SelectionCriterion.ValidationLoss, 0.9, 2.0, 0.5, 1.0, false)]
    [InlineData(SelectionCriterion.ValidationLoss, 0.9, 1.0, 0.5, 1.0, false)]
    public void IsBetter_SameState_GoesByTheCriterion(
        SelectionCriterion criterion, double auc, double loss, double bestAuc, double bestLoss, bool expected)
    {
        foreach (PosteriorCollapse? state in new PosteriorCollapse?[] { null, PosteriorCollapse.None, PosteriorCollapse.Both })
        {
            Assert.Equal(expected, EpochSelection.IsBetter(Epoch(auc, loss, state), Epoch(bestAuc, bestLoss, state), criterion));
        }
    }

    [Theory]
    [InlineData(PosteriorCollapse.Voice)]
    [InlineData(PosteriorCollapse.Face)]
    [InlineData(PosteriorCollapse.Both)]
    public void IsBetter_OneHasCollapsed_IsTheOtherWhateverTheScores(PosteriorCollapse collapse)
    {
        foreach (SelectionCriterion criterion in Enum.GetValues<SelectionCriterion>().Except([SelectionCriterion.LastEpoch]))
        {
            Assert.True(EpochSelection.IsBetter(Epoch(0.4, 3, PosteriorCollapse.None), Epoch(0.9, 1, collapse), criterion));
            Assert.False(EpochSelection.IsBetter(Epoch(0.9, 1, collapse), Epoch(0.4, 3, PosteriorCollapse.None), criterion));
            Assert.True(EpochSelection.IsBetter(Epoch(0.4, 3, null), Epoch(0.9, 1, collapse), criterion)); // a log without the field
        }
    }

    [Fact]
    public void IsBetter_LastEpoch_IsAnyLaterOne()
    {
        Assert.True(EpochSelection.IsBetter(Epoch(0.4, 3, PosteriorCollapse.Both), Epoch(0.9, 1, null), SelectionCriterion.LastEpoch));
        Assert.Null(EpochSelection.Smoothed(
            Epoch(0.4, 3, null), [], new TrainingOptions { Selection = SelectionCriterion.LastEpoch }));
    }

    [Fact]
    public void Smoothed_ThreeEpochs_IsTheirMeanOfTheCriterion()
    {
        var options = new TrainingOptions { Selection = SelectionCriterion.ValidationIdentityAuc, SelectionSmoothingEpochs = 3 };
        EpochLog[] log = [.. new[] { 0.1, 0.6, 0.9, 0.6 }.Select(auc => Epoch(0.5, 1, null) with { ValidationIdentityAuc = auc })];

        Assert.Equal(0.7, EpochSelection.Smoothed(log[3], log[..3], options)!.Value, 1e-12);
        Assert.Equal(0.1, EpochSelection.Smoothed(log[0], [], options)!.Value, 1e-12);
        Assert.Null(EpochSelection.Smoothed(log[0], [], new TrainingOptions { Selection = SelectionCriterion.ValidationAuc }));
    }

    [Fact]
    public void IsOver_AfterAsManyEpochsWithoutABetterOne_AsPatienceAllows()
    {
        EpochLog[] log = [.. Enumerable.Range(1, 4).Select(epoch => Epoch(0.5, 1, null) with { Epoch = epoch, Best = epoch <= 2 })];

        Assert.True(EpochSelection.IsOver(log, 2));
        Assert.False(EpochSelection.IsOver(log, 3));
        Assert.False(EpochSelection.IsOver(log, 0));
        Assert.False(EpochSelection.IsOver([], 1));
    }

    private static EpochLog Epoch(double auc, double loss, PosteriorCollapse? collapse)
    {
        var terms = LossTerms.From(new float[LossTerms.Count], new double[LossTerms.Count]);
        return new EpochLog
        {
            Epoch = 1,
            Epochs = 1,
            Beta = 0,
            LearningRate = 0,
            Train = terms,
            Validation = terms,
            ValidationAuc = auc,
            Collapse = collapse,
            SelectionLoss = loss,
            Best = false,
            GradientNorm = 0,
            Steps = 1,
            Seconds = 1,
            StepsPerSecond = 1,
        };
    }
}
