using CrossModalVae.Audio;
using CrossModalVae.Corpora;
using CrossModalVae.Faces;
using CrossModalVae.Features;
using CrossModalVae.Recipes;

namespace CrossModalVae.Training.Tests;

public sealed class PipelinesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Report_Recipe_IsTheReportsArchitectureAndLoss()
    {
        Recipe recipe = Read("report");

        Assert.Equal(512, new VoiceFrontEnd(recipe.Voice).FeatureCount);
        Assert.Equal(529, new FaceFrontEnd(recipe.Face).FeatureCount);
        Assert.Equal(100, recipe.Model.LatentDimension);
        Assert.Equal(new ObjectiveOptions(), recipe.Objective);
        Assert.Equal(new TrainingOptions(), recipe.Training);
    }

    [Theory]
    [InlineData("report")]
    [InlineData("demo")]
    [InlineData("kaldi-fbank")]
    [InlineData("real-small")]
    public void Recipe_RealClips_TrainsAndEncodes(string name)
    {
        // Ten people are too few to learn from: this shows that real wav and jpg files go through, and nothing else.
        Recipe recipe = Read(name);
        FeatureTable table = Extract(recipe);
        (FeatureTable train, FeatureTable validation) = ValidationSplit.ByIdentity(table, 0.3, 1);

        TrainingResult result = new Trainer(recipe, new TrainerOptions { Device = "cpu", Threads = 1, Epochs = 2, StopOnCollapse = false })
            .Run(train, validation, _folder["run"]);

        Assert.Equal(2, result.Log.Count);
        Assert.All(result.Log, line => Assert.True(double.IsFinite(line.SelectionLoss)));
        using TrainedModel model = TrainedModel.Load(_folder["run"]);
        (float[] mean, _) = model.Encode(Modality.Voice, table.Voice, table.Count);
        Assert.Equal(table.Count * recipe.Model.LatentDimension, mean.Length);
        Assert.All(mean, value => Assert.True(float.IsFinite(value)));
    }

    [Theory]
    [InlineData(FeatureNormalisation.ClipOverTime)]
    [InlineData(FeatureNormalisation.None)]
    public void Recipe_FramesNormalisedElsewhere_TrainsOnAllFramesAsTheyAre(FeatureNormalisation normalisation)
    {
        Recipe demo = Read("demo");
        Recipe recipe = demo with
        {
            Voice = VoicePresets.KaldiFbank with { DurationSeconds = 0.5, Pooling = TimePooling.None, Normalisation = normalisation },
            Model = demo.Model with { VoiceHidden = [16], DecoderHidden = [16] },
        };
        FeatureTable table = Extract(recipe);
        (FeatureTable train, FeatureTable validation) = ValidationSplit.ByIdentity(table, 0.3, 1);

        TrainingResult result = new Trainer(recipe, new TrainerOptions { Device = "cpu", Threads = 1, Epochs = 1, StopOnCollapse = false })
            .Run(train, validation, _folder["run"]);

        Assert.Equal(48 * 80, table.VoiceLength);
        FeatureStatistics voice = result.Recipe.Statistics!.Voice;
        Assert.Equal((48 * 80, train.RowsWith(Modality.Voice).Length), (voice.Length, voice.ClipCount));
        Assert.All(voice.Mean, value => Assert.Equal(0f, value));
        Assert.All(voice.StandardDeviation, value => Assert.Equal(1f, value));
        Assert.Contains(result.Recipe.Statistics.Face.Mean, value => value != 0);
        using TrainedModel model = TrainedModel.Load(_folder["run"]);
        Assert.All(model.Encode(Modality.Voice, table.Voice, table.Count).Mean, value => Assert.True(float.IsFinite(value)));
    }

    private static FeatureTable Extract(Recipe recipe)
    {
        Manifest manifest = ManifestReader.Read(Repository.File("tests", "fixtures", "grid", "manifest.jsonl"));
        var voices = new VoiceFrontEnd(recipe.Voice);
        var faces = new FaceFrontEnd(recipe.Face);
        return new FeatureTable
        {
            Clips = manifest.Clips,
            Voice =
            [
                .. manifest.Clips.SelectMany(clip => voices.Extract(manifest.VoicePath(clip)!, clip.StartSeconds, clip.DurationSeconds)),
            ],
            Face = [.. manifest.Clips.SelectMany(clip => faces.Extract(manifest.FacePaths(clip)))],
            VoiceLength = voices.FeatureCount,
            FaceLength = faces.FeatureCount,
        };
    }

    private static Recipe Read(string name) => RecipeReader.Read(Repository.File("pipelines", $"{name}.json"));
}
