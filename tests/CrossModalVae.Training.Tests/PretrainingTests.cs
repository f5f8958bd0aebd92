using CrossModalVae.Features;
using CrossModalVae.Models;
using CrossModalVae.Numerics;
using CrossModalVae.Recipes;
using CrossModalVae.Recipes.Terms;

namespace CrossModalVae.Training.Tests;

/// <summary>Training that starts from trained encoders: the recipe's own stage before it, or an earlier run.</summary>
public sealed class PretrainingTests : IDisposable
{
    private static readonly TrainerOptions Cpu = new() { Device = "cpu", Threads = 1 };

    private readonly TemporaryFolder _folder = new();
    private readonly FeatureTable _train = Synthetic.Table(30, 4);
    private readonly FeatureTable _validation = Synthetic.Table(12, 3, seed: 2, split: Corpora.CorpusSplit.Validation, prefix: "v");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(ClassifierHead.Softmax)]
    [InlineData(ClassifierHead.AmSoftmax)]
    [InlineData(ClassifierHead.AamSoftmax)]
    public void Run_Pretraining_LearnsThePeopleAndLeavesARunOfItsOwn(ClassifierHead head)
    {
        var options = new PretrainingOptions { Epochs = 8, Head = head, LearningRate = 0.01 };

        TrainingResult result = Run("run", Pretrained(Synthetic.Recipe(2), options));

        var stage = new RunFolder(new RunFolder(_folder["run"]).PretrainingPath);
        double[] losses = [.. RunLog.Read(stage.LogPath).Select(line => line.Train.Terms!["identity"]!.Value)];
        Assert.Equal(8, losses.Length);
        Assert.True(losses[^1] < 0.7 * losses[0], $"{losses[0]} to {losses[^1]}");
        Assert.Equal(2, result.Log.Count);
        Assert.Equal(8, RunSummary.Read(stage.MetricsPath).BestEpoch); // the last
        Assert.Equal(Sha256(stage.WeightsPath), result.Recipe.Training.StartSha256);
        Assert.Equal((30, 120), (result.Pretraining!.Identities, result.Pretraining.Clips));
        string metrics = File.ReadAllText(new RunFolder(_folder["run"]).MetricsPath);
        Assert.Contains(result.Pretraining.DataSha256, metrics, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)] // in the stage
    [InlineData(4)] // in training
    [InlineData(3)] // between them
    public void Run_StoppedAnywhere_ResumesToTheSameBits(int epochs)
    {
        Recipe recipe = Pretrained(Synthetic.Recipe(3), new PretrainingOptions { Epochs = 3 });
        recipe = recipe with { Training = recipe.Training with { FrozenEpochs = 1, EncoderRateShare = 0.1 } };
        Run("whole", recipe);
        using var source = new CancellationTokenSource();
        int seen = 0;
        var stop = new Immediate(_ =>
        {
            if (++seen == epochs)
            {
                source.Cancel();
            }
        });

        Assert.Throws<OperationCanceledException>(
            () => new Trainer(recipe, Cpu).Run(_train, _validation, _folder["run"], stop, source.Token));
        Run("run", recipe, Cpu with { Resume = true });

        string[] files =
            ["weights.safetensors", "recipe.json", "checkpoint/optimiser.safetensors", "pretraining/weights.safetensors"];
        Assert.All(files, file => Assert.Equal(File.ReadAllBytes(_folder[$"whole/{file}"]), File.ReadAllBytes(_folder[$"run/{file}"])));
    }

    [Fact]
    public void Run_VoicesOfOtherPeople_TeachTheVoiceEncoderAlone()
    {
        Recipe recipe = Pretrained(Synthetic.Recipe(1), new PretrainingOptions { Epochs = 2 });
        FeatureTable voices = Synthetic.Without(Synthetic.Table(20, 3, seed: 5, prefix: "x"), _ => false, _ => true);

        TrainingResult with = Run("with", recipe, Cpu with { PretrainingCorpus = voices });
        TrainingResult without = Run("without", recipe);

        Assert.Equal((50, 180), (with.Pretraining!.Identities, with.Pretraining.Clips));
        Assert.NotEqual(without.Pretraining!.DataSha256, with.Pretraining.DataSha256);
        Assert.Equal(30, with.TrainingIdentities);
        Assert.NotEqual(without.Recipe.Statistics!.Voice.Mean, with.Recipe.Statistics!.Voice.Mean); // of both corpora
        Assert.Equal(without.Recipe.Statistics.Face.Mean, with.Recipe.Statistics.Face.Mean);
    }

    [Fact]
    public void Run_PretrainingOnValidationPeople_Refused()
    {
        Recipe recipe = Pretrained(Synthetic.Recipe(1), new PretrainingOptions { Epochs = 1 });

        var e = Assert.Throws<InvalidDataException>(() => Run("run", recipe, Cpu with { PretrainingCorpus = _validation }));

        Assert.Contains("'v000'", e.Message, StringComparison.Ordinal);
    }

    /// <summary>A run that learns nothing is, from the first number on, the model that it starts from.</summary>
    [Fact]
    public void Run_StartFromARun_IsItsEncodersWithItsStatistics()
    {
        Run("first", Synthetic.Recipe(3));
        Recipe still = Synthetic.Recipe(1) with { Objective = new ObjectiveOptions { Beta = 0.01, ContrastWeight = 1 } };
        still = still with { Training = still.Training with { LearningRate = 1e-30 } };
        FeatureTable other = Synthetic.Table(10, 3, seed: 9, prefix: "o");

        new Trainer(still, Cpu with { StartFrom = _folder["first"] }).Run(other, _validation, _folder["second"]);

        using TrainedModel first = TrainedModel.Load(_folder["first"]), second = TrainedModel.Load(_folder["second"]);
        Assert.Equal(first.Encode(Modality.Voice, _train.Voice, 120).Mean, second.Encode(Modality.Voice, _train.Voice, 120).Mean);
        Assert.Equal(first.Encode(Modality.Face, _train.Face, 120).LogVariance, second.Encode(Modality.Face, _train.Face, 120).LogVariance);
        float[] z = [.. Enumerable.Range(0, 8).Select(i => i / 8f)];
        Assert.Equal(first.Decode(z, 1).Face, second.Decode(z, 1).Face);
    }

    /// <summary>Encoders trained without private parts are a start for a bound that has them; these start by the recipe's seed.</summary>
    [Fact]
    public void Run_PrivatePartsOverPretrainedEncoders_TakeTheSharedOnes()
    {
        Recipe recipe = Synthetic.Recipe(2);
        Run("first", recipe);
        recipe = recipe with
        {
            Model = recipe.Model with { PrivateDimension = 3 },
            Objective = new ObjectiveOptions { Bound = BoundKind.Dmvae, Beta = 0.01, Alignment = AlignmentKind.None },
            Training = recipe.Training with { LearningRate = 1e-30 },
        };

        Run("started", recipe, Cpu with { StartFrom = _folder["first"] });
        Run("again", recipe, Cpu with { StartFrom = _folder["started"] });
        Run("staged", Pretrained(recipe, new PretrainingOptions { Epochs = 1 }));

        Assert.Equal(Weights("first")["voice.mean.weight"].Values, Weights("started")["voice.mean.weight"].Values);
        Assert.Equal([3L, 32L], Weights("started")["face.private_mean.weight"].Shape);
        Assert.Equal(Weights("started")["face.private_mean.weight"].Values, Weights("again")["face.private_mean.weight"].Values);
        Assert.Equal(Weights("started")["voice_output.weight"].Values, Weights("again")["voice_output.weight"].Values);
        Assert.DoesNotContain(Weights("staged/pretraining").Keys, name => name.Contains("private", StringComparison.Ordinal));
        Assert.Contains("voice.private_log_variance.bias", Weights("staged").Keys);
    }

    [Fact]
    public void Run_Frozen_HiddenLayersStayAndHeadsLearn()
    {
        Run("first", Synthetic.Recipe(2));
        Recipe recipe = Synthetic.Recipe(2);
        recipe = recipe with { Training = recipe.Training with { FrozenEpochs = 2 } };

        Run("second", recipe, Cpu with { StartFrom = _folder["first"] });

        IReadOnlyDictionary<string, NamedArray> before = Weights("first"), after = Weights("second");
        Assert.Equal(before["voice.hidden.0.weight"].Values, after["voice.hidden.0.weight"].Values);
        Assert.Equal(before["face.hidden.0.bias"].Values, after["face.hidden.0.bias"].Values);
        Assert.NotEqual(before["voice.mean.weight"].Values, after["voice.mean.weight"].Values);
    }

    /// <summary>Adam's first step has the learning rate's length in every coordinate, whatever the gradient.</summary>
    [Fact]
    public void Run_EncoderRateShare_IsTheLengthOfTheirSteps()
    {
        Run("first", Synthetic.Recipe(1));
        Recipe recipe = Synthetic.Recipe(1, PairSampling.Clips);
        recipe = recipe with
        {
            Model = recipe.Model with { Dropout = 0 },
            Training = recipe.Training with { EncoderRateShare = 0.1, BatchSize = 1000, GradientClipNorm = 0 },
        };

        Run("second", recipe, Cpu with { StartFrom = _folder["first"] });

        IReadOnlyDictionary<string, NamedArray> before = Weights("first"), after = Weights("second");
        Assert.Equal(3e-4, Largest("voice.hidden.0.weight"), 1e-5);
        Assert.Equal(3e-3, Largest("voice.mean.weight"), 1e-4);
        Assert.Equal(3e-3, Largest("decoder.0.weight"), 1e-4);

        double Largest(string name) =>
            before[name].Values.Zip(after[name].Values, (a, b) => Math.Abs((double)a - b)).Max();
    }

    [Fact]
    public void Run_StartThatDoesNotFit_IsRefusedInASentence()
    {
        Run("first", Synthetic.Recipe(1));
        Recipe recipe = Synthetic.Recipe(1);
        TrainerOptions start = Cpu with { StartFrom = _folder["first"] };

        Assert.Equal(
            $"{_folder["first"]}: weight 'voice.hidden.0.weight' is [32, 24], and the recipe 'synthetic' has [16, 24]; "
            + "training starts from encoders of the same architecture only.",
            Refusal(recipe with { Model = recipe.Model with { VoiceHidden = [16] } }, start));
        Assert.Equal(
            $"{_folder["first"]}: weight 'face.hidden.1.weight' is none, and the recipe 'synthetic' has [32, 32]; "
            + "training starts from encoders of the same architecture only.",
            Refusal(recipe with { Model = recipe.Model with { FaceHidden = [32, 32] } }, start));
        Assert.Equal(
            $"{_folder["first"]}: the run has other front ends than the recipe 'synthetic' (section 'voice'); "
            + "training starts from encoders of the same kind only.",
            Refusal(recipe with { Voice = recipe.Voice with { DurationSeconds = 2 } }, start));
        Assert.Equal(
            $"{_folder["none"]}: holds no run; training can start from the folder of a finished run or of an exported model, or from an "
            + "encoder (.onnx).",
            Refusal(recipe, Cpu with { StartFrom = _folder["none"] }));
        Assert.Equal(
            "'frozen_epochs' and 'encoder_rate_share' are for encoders that are trained already; add 'pretraining', or start from a run "
            + "(--init-from).",
            Refusal(recipe with { Training = recipe.Training with { FrozenEpochs = 1 } }, Cpu));
        Assert.Equal(
            $"The recipe 'synthetic' has 'pretraining', and training is to start from '{_folder["first"]}'; leave one out.",
            Refusal(Pretrained(recipe, new PretrainingOptions()), start));
        Assert.Equal(
            "A corpus to pre-train on is given, and the recipe 'synthetic' has no 'pretraining' section; add one.",
            Refusal(recipe, Cpu with { PretrainingCorpus = _train }));

        string Refusal(Recipe own, TrainerOptions options)
        {
            var e = Assert.Throws<ArgumentException>(() => Run("refused", own, options));
            Assert.True(UserError.IsMarked(e));
            return e.Message;
        }
    }

    /// <summary>The closed form takes what trained hidden layers give; without training it is refused.</summary>
    [Fact]
    public void Run_RidgeCcaOverPretrainedEncoders_FitsTheLastLayerAlone()
    {
        Recipe recipe = Synthetic.Recipe(1) with { Objective = new ObjectiveOptions { Bound = BoundKind.RidgeCca } };
        Recipe bridge = Pretrained(recipe, new PretrainingOptions { Epochs = 10 });

        TrainingResult result = Run("run", bridge);

        IReadOnlyDictionary<string, NamedArray> stage = SafetensorsFile.Read(_folder["run/pretraining/weights.safetensors"]).Tensors;
        Assert.Equal(stage["voice.hidden.0.weight"].Values, Weights("run")["voice.hidden.0.weight"].Values);
        Assert.NotEqual(stage["voice.mean.weight"].Values, Weights("run")["voice.mean.weight"].Values);
        Assert.InRange(result.Scores.IdentityAuc!.Value, 0.6, 1.0);
        Assert.Equal(PosteriorCollapse.None, result.Collapse);
        var e = Assert.Throws<ArgumentException>(() => Run("refused", recipe));
        Assert.StartsWith("'bound' is ridge-cca, which fits the last, linear layer of encoders", e.Message, StringComparison.Ordinal);
    }

    private static Recipe Pretrained(Recipe recipe, PretrainingOptions options) =>
        recipe with { Training = recipe.Training with { Pretraining = options } };

    private static string Sha256(string path) =>
        Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(path)));

    private IReadOnlyDictionary<string, NamedArray> Weights(string run) =>
        SafetensorsFile.Read(_folder[$"{run}/weights.safetensors"]).Tensors;

    private TrainingResult Run(string name, Recipe recipe, TrainerOptions? options = null) =>
        new Trainer(recipe, (options ?? Cpu) with { StopOnCollapse = false }).Run(_train, _validation, _folder[name]);

    private sealed class Immediate(Action<EpochLog> action) : IProgress<EpochLog>
    {
        public void Report(EpochLog value) => action(value);
    }
}
