using CrossModalVae.Corpora;
using CrossModalVae.Features;
using CrossModalVae.Recipes;

namespace CrossModalVae.Training.Tests;

public sealed class ValidatorTests
{
    [Fact]
    public void EveryMeasure_Cancelled_StopsBeforeItsFirstBatch()
    {
        FeatureTable table = Synthetic.Table(8, 2, split: CorpusSplit.Validation);
        Recipe recipe = Synthetic.Recipe();
        using var model = new MultimodalVae(recipe.Model, table.VoiceLength, table.FaceLength, recipe.Training.Seed);
        var standardised = new StandardisedTable(
            table, table.ComputeStatistics(Modality.Voice, out _), table.ComputeStatistics(Modality.Face, out _));
        var validator = new Validator(model, standardised, recipe, TorchSharp.torch.CPU);
        var cancelled = new CancellationToken(canceled: true);

        Assert.Throws<OperationCanceledException>(() => validator.Losses(1, cancelled));
        Assert.Throws<OperationCanceledException>(() => validator.Auc(cancelled));
        Assert.Throws<OperationCanceledException>(() => validator.KlPerDimension(Modality.Voice, cancelled));
        Assert.True(double.IsFinite(validator.Losses(1, CancellationToken.None).SelectionLoss));
    }
}
