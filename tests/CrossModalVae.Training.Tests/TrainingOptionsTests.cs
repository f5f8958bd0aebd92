using CrossModalVae.Features;
using CrossModalVae.Recipes;

namespace CrossModalVae.Training.Tests;

/// <summary>
/// What the trainer offers to small corpora: AdamW, schedules, averaged weights, accumulation, patience, balanced batches.
/// </summary>
public sealed class TrainingOptionsTests : IDisposable
{
    private static readonly TrainerOptions Cpu = new() { Device = "cpu", Threads = 1 };
    private readonly FeatureTable _train = Synthetic.Table(40, 4);
    private readonly FeatureTable _validation = Synthetic.Table(12, 3, seed: 2, prefix: "v");
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Run_EveryOptionStoppedAndResumed_GivesTheBitsOfAnUndisturbedRun()
    {
        Recipe recipe = Everything(6);
        TrainingResult whole = new Trainer(recipe, Cpu).Run(_train, _validation, _folder["whole"]);
        using var source = new CancellationTokenSource();
        var stop = new Relay(line =>
        {
            if (line.Epoch == 3)
            {
                source.Cancel();
            }
        });

        Assert.Throws<OperationCanceledException>(() =>
            new Trainer(recipe, Cpu).Run(_train, _validation, _folder["parts"], stop, source.Token));
        TrainingResult parts = new Trainer(recipe, Cpu with { Resume = true }).Run(_train, _validation, _folder["parts"]);

        Assert.Equal(whole.Log.Select(Numbers), parts.Log.Select(Numbers));
        Assert.Equal(File.ReadAllBytes(_folder["whole/weights.safetensors"]), File.ReadAllBytes(_folder["parts/weights.safetensors"]));
        Assert.True(whole.Best.ValidationIdentityAuc > 0.6, $"{whole.Best.ValidationIdentityAuc}");
        Assert.Equal(whole.Log.Select(line => line.LearningRate).OrderDescending(), whole.Log.Select(line => line.LearningRate));
    }

    [Fact]
    public void Run_AveragedWeights_AreWhatIsKept()
    {
        Recipe recipe = Everything(2);

        new Trainer(recipe, Cpu).Run(_train, _validation, _folder["run"]);

        byte[] kept = File.ReadAllBytes(_folder["run/weights.safetensors"]);
        Assert.NotEqual(File.ReadAllBytes(_folder["run/checkpoint/weights.safetensors"]), kept);
        using var model = new MultimodalVae(recipe.Model, _train.VoiceLength, _train.FaceLength, 1);
        model.LoadWeights(_folder["run/weights.safetensors"]);
        Dictionary<string, CrossModalVae.Models.NamedArray> averages = new(
            CrossModalVae.Models.SafetensorsFile.Read(_folder["run/checkpoint/average.safetensors"]).Tensors);
        Assert.All(model.ReadWeights(), weight => Assert.Equal(averages[weight.Key].Values, weight.Value.Values));
    }

    [Fact]
    public void Run_Patience_StopsAndStaysStoppedWhenResumed()
    {
        Recipe recipe = Synthetic.Recipe(60) with
        {
            Training = Synthetic.Recipe(60).Training with { PatienceEpochs = 3, LearningRate = 0.03 },
        };

        TrainingResult result = new Trainer(recipe, Cpu).Run(_train, _validation, _folder["run"]);
        TrainingResult resumed = new Trainer(recipe, Cpu with { Resume = true }).Run(_train, _validation, _folder["run"]);

        Assert.Equal(result.BestEpoch + 3, result.Log.Count);
        Assert.InRange(result.Log.Count, 4, 59);
        Assert.Equal(result.Log.Count, resumed.Log.Count);
    }

    [Fact]
    public void Run_ResumedWithOtherEpochsUnderASchedule_IsRefused()
    {
        Recipe recipe = Everything(2);
        new Trainer(recipe, Cpu).Run(_train, _validation, _folder["run"]);

        Exception e = Assert.Throws<InvalidOperationException>(() =>
            new Trainer(recipe, Cpu with { Resume = true, Epochs = 4 }).Run(_train, _validation, _folder["run"]));

        Assert.Contains("was scheduled for 2 epochs; the run cannot be resumed with 4.", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_TwoBatchesAStep_IsTheStepOfTheirMeanGradient()
    {
        // Without terms between clips, dropout and noise's order aside, two halves accumulated are one batch of both.
        Recipe Of(int batch, int accumulation) => Synthetic.Recipe(1, PairSampling.Clips) with
        {
            Model = Synthetic.Recipe().Model with { Dropout = 0 },
            Objective = new ObjectiveOptions { Beta = 0, Alignment = AlignmentKind.GaussianWasserstein, AlignmentWeight = 0.1 },
            Training = Synthetic.Recipe(1, PairSampling.Clips).Training with { BatchSize = batch, AccumulationSteps = accumulation },
        };

        TrainingResult one = new Trainer(Of(32, 1), Cpu).Run(_train, _validation, _folder["one"]);
        TrainingResult two = new Trainer(Of(16, 2), Cpu).Run(_train, _validation, _folder["two"]);

        Assert.Equal(one.Best.Steps, two.Best.Steps);
        Assert.Equal(one.Best.Train.AlignmentTerm!.Value, two.Best.Train.AlignmentTerm!.Value, 1e-2); // z of both differs by noise alone
    }

    [Fact]
    public void Steps_OfEveryOption_LeaveNoTensorBehind()
    {
        Recipe recipe = Everything(3);
        new Trainer(recipe, Cpu).Run(_train, _validation, _folder["first"]); // what libraries keep for themselves
        var live = new List<long>();

        new Trainer(recipe, Cpu).Run(
            _train, _validation, _folder["run"], new Relay(_ => live.Add(TorchSharp.DisposeScopeManager.Statistics.ThreadTotalLiveCount)));

        Assert.Equal(live[0], live[1]);
        Assert.Equal(live[1], live[2]);
    }

    private static Recipe Everything(int epochs) => Synthetic.Recipe(epochs) with
    {
        Objective = Synthetic.Recipe().Objective with
        {
            FreeBits = 0.05,
            Terms = [new Recipes.Terms.SupervisedInfoNceOptions(), new Recipes.Terms.IdentityOptions { Weight = 0.1 }],
        },
        Training = Synthetic.Recipe(epochs).Training with
        {
            Optimiser = Optimiser.AdamW,
            WeightDecay = 0.01,
            Schedule = LearningRateSchedule.Cosine,
            AverageDecay = 0.9,
            AccumulationSteps = 2,
            Sampling = PairSampling.IdentitiesAndClips,
            ClipsPerIdentity = 3,
            Selection = SelectionCriterion.ValidationIdentityAuc,
            SelectionSmoothingEpochs = 2,
            PassesPerEpoch = 4,
        },
    };

    private static string Numbers(EpochLog line) =>
        $"{line with { Seconds = 0, StepsPerSecond = 0, PairsPerSecond = 0, Train = null!, Validation = null! }} "
        + $"{line.Train with { Terms = null }} {string.Join(' ', line.Train.Terms!)} {string.Join(' ', line.Validation.Terms!)}";

    private sealed class Relay(Action<EpochLog> action) : IProgress<EpochLog>
    {
        public void Report(EpochLog value) => action(value);
    }
}
