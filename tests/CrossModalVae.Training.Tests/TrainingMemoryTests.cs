using CrossModalVae.Features;
using CrossModalVae.Numerics;
using CrossModalVae.Recipes;

namespace CrossModalVae.Training.Tests;

/// <summary>Training keeps no second copy of its features, and makes no garbage of their size.</summary>
public sealed class TrainingMemoryTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Run_OneEpoch_AllocatesLessThanTheFeaturesItTrainsOn()
    {
        const int FaceLength = 20_000;
        FeatureTable train = WithViews(Synthetic.Table(240, 2, faceLength: FaceLength));
        FeatureTable validation = Synthetic.Table(4, 2, faceLength: FaceLength, seed: 2, prefix: "v");
        long features = (long)train.ViewCount * train.Count * (train.VoiceLength + train.FaceLength) * sizeof(float); // 115 MB
        Recipe recipe = Synthetic.Recipe(1) with
        {
            Model = new ModelOptions { LatentDimension = 4, VoiceHidden = [2], FaceHidden = [2], DecoderHidden = [2] },
        };
        var trainer = new Trainer(
            recipe with { Training = recipe.Training with { PassesPerEpoch = 4, Selection = SelectionCriterion.ValidationLoss } },
            new TrainerOptions { Device = "cpu", Threads = 1, StopOnCollapse = false });
        long before = GC.GetTotalAllocatedBytes(precise: true);

        trainer.Run(train, validation, _folder["run"]);

        // Of the managed heap: weights, statistics and the recipe that carries them. Batches lie in tensors, which are freed at once.
        Assert.InRange(GC.GetTotalAllocatedBytes(precise: true) - before, 0, features / 2);
    }

    private static FeatureTable WithViews(FeatureTable plain)
    {
        var random = new SeededRandom(5);
        float[] Disturbed(float[] values) => [.. values.Select(value => value + (float)random.NextDouble())];
        return new FeatureTable
        {
            Clips = plain.Clips,
            Voice = plain.Voice,
            Face = plain.Face,
            VoiceLength = plain.VoiceLength,
            FaceLength = plain.FaceLength,
            AugmentedViews = [.. Enumerable.Range(0, 2).Select(_ => new FeatureView(Disturbed(plain.Voice), Disturbed(plain.Face)))],
        };
    }
}
