using CrossModalVae.Corpora;
using CrossModalVae.Features;
using CrossModalVae.Models;
using CrossModalVae.Recipes;

namespace CrossModalVae.Training.Tests;

public sealed class ValidatorTests
{
    [Fact]
    public void EveryMeasure_Cancelled_StopsBeforeItsFirstBatch()
    {
        using MultimodalVae model = Model();
        Validator validator = Of(model);
        var cancelled = new CancellationToken(canceled: true);

        Assert.Throws<OperationCanceledException>(() => validator.Losses(1, cancelled));
        Assert.Throws<OperationCanceledException>(() => validator.Judge(cancelled));
        Assert.Throws<OperationCanceledException>(() => validator.Posteriors(Modality.Voice, cancelled));
        Assert.True(double.IsFinite(validator.Losses(1, CancellationToken.None).SelectionLoss));
    }

    [Fact]
    public void Posteriors_TheSameForEveryClipButNotThePrior_HaveKlAndNoInformation()
    {
        using MultimodalVae model = Model();
        Validator validator = Of(model);
        Assert.Equal(PosteriorCollapse.None, validator.Judge(CancellationToken.None).Collapse);
        using (TorchSharp.torch.no_grad())
        {
            foreach ((string name, TorchSharp.Modules.Parameter weight) in model.Weights.Where(
                entry => entry.Name is "voice.mean.weight" or "voice.log_variance.weight" or "voice.mean.bias"))
            {
                weight.fill_(name.EndsWith("bias", StringComparison.Ordinal) ? 3f : 0f); // every clip: mean 3
            }
        }

        PosteriorMeasures voice = validator.Posteriors(Modality.Voice, CancellationToken.None);

        Assert.All(voice.Kl, kl => Assert.InRange(kl, 4.0, 5.0)); // 3^2 / 2, and a little of the variance
        Assert.All(voice.Information, nats => Assert.InRange(nats, 0.0, 1e-6));
        Assert.Equal(PosteriorCollapse.Voice, validator.Judge(CancellationToken.None).Collapse);
    }

    private static FeatureTable Table() => Synthetic.Table(8, 2, split: CorpusSplit.Validation);

    private static MultimodalVae Model()
    {
        (FeatureTable table, Recipe recipe) = (Table(), Synthetic.Recipe());
        return new MultimodalVae(recipe.Model, table.VoiceLength, table.FaceLength, recipe.Training.Seed);
    }

    private static Validator Of(MultimodalVae model)
    {
        FeatureTable table = Table();
        var standardised = new StandardisedTable(
            table, table.ComputeStatistics(Modality.Voice, out _), table.ComputeStatistics(Modality.Face, out _));
        return new Validator(model, standardised, Synthetic.Recipe(), [], TorchSharp.torch.CPU);
    }
}
