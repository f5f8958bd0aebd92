using System.Text.RegularExpressions;
using CrossModalVae.Audio;
using CrossModalVae.Corpora;
using CrossModalVae.Features;
using CrossModalVae.Models;
using CrossModalVae.Recipes;

namespace CrossModalVae.Training.Tests;

public sealed partial class TrainerTests : IDisposable
{
    private static readonly TrainerOptions Cpu = new() { Device = "cpu", Threads = 1 };

    private static Recipe Collapsing
    {
        get
        {
            Recipe recipe = Synthetic.Recipe(6) with { Objective = new ObjectiveOptions { Beta = 50 } };
            return recipe with { Training = recipe.Training with { PassesPerEpoch = 40, Selection = SelectionCriterion.ValidationLoss } };
        }
    }

    [GeneratedRegex("\"(validation_auc_low|validation_auc_high|collapse|validation_identities|validation_clips)\": ?[^,{}]*,|"
        + "\"notes\": ?\\[[^\\]]*\\],")]
    private static partial Regex OlderFields();

    private readonly TemporaryFolder _folder = new();
    private readonly FeatureTable _train = Synthetic.Table(40, 3);
    private readonly FeatureTable _validation = Synthetic.Table(12, 3, seed: 2, split: CorpusSplit.Validation, prefix: "v");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Run_Synthetic_WritesTheRunFolderAndLogsEveryTerm()
    {
        var reported = new List<EpochLog>();

        TrainingResult result = new Trainer(Synthetic.Recipe(), Cpu).Run(_train, _validation, _folder["run"], new Immediate(reported.Add));

        Assert.Equal([1, 2, 3], result.Log.Select(line => line.Epoch));
        Assert.Equal(result.Log, reported);
        Assert.Equal([0.0, 0.005, 0.01], result.Log.Select(line => line.Beta));
        Assert.All(result.Log, line => Assert.NotNull(line.ValidationAuc));
        Assert.All(result.Log, line => Assert.NotNull(line.Train.ContrastTerm));
        Assert.Equal(result.Log, RunLog.Read(new RunFolder(_folder["run"]).LogPath));
        Assert.Equal(result.Log.MaxBy(line => line.ValidationAuc)!.Epoch, result.BestEpoch);
        Assert.Equal(
            ["checkpoint", "log.jsonl", "metrics.json", "recipe.json", "weights.safetensors"],
            Directory.EnumerateFileSystemEntries(_folder["run"]).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Equal(
            ["optimiser.safetensors", "state.json", "weights.safetensors"],
            Directory.EnumerateFiles(Path.Combine(_folder["run"], "checkpoint")).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Recipe used = RecipeReader.Read(Path.Combine(_folder["run"], "recipe.json"));
        Assert.Equal(result.Recipe.Statistics!.Voice.Mean, used.Statistics!.Voice.Mean);
        Assert.Equal(120, used.Statistics.Face.ClipCount);
    }

    [Fact]
    public void Run_SameSeed_SameWeights()
    {
        new Trainer(Synthetic.Recipe(), Cpu).Run(_train, _validation, _folder["a"]);
        new Trainer(Synthetic.Recipe(), Cpu).Run(_train, _validation, _folder["b"]);
        new Trainer(Synthetic.Recipe(), Cpu with { Seed = 2 }).Run(_train, _validation, _folder["c"]);

        byte[] Weights(string run) => File.ReadAllBytes(Path.Combine(_folder[run], "weights.safetensors"));
        Assert.Equal(Weights("a"), Weights("b"));
        Assert.NotEqual(Weights("a"), Weights("c"));
    }

    [Fact]
    public void Run_StoppedAndResumed_EqualsAnUndisturbedRunBitForBit()
    {
        TrainingResult straight = new Trainer(Synthetic.Recipe(6), Cpu).Run(_train, _validation, _folder["straight"]);
        new Trainer(Synthetic.Recipe(6), Cpu with { Epochs = 3 }).Run(_train, _validation, _folder["run"]);
        TrainingResult resumed = new Trainer(Synthetic.Recipe(6), Cpu with { Resume = true }).Run(_train, _validation, _folder["run"]);

        Assert.Equal(straight.Log.Select(Timeless), resumed.Log.Select(line => Timeless(line with { Epochs = 6 })));
        Assert.Equal(straight.BestEpoch, resumed.BestEpoch);
        string[] files =
        [
            "weights.safetensors",
            "recipe.json",
            "checkpoint/weights.safetensors",
            "checkpoint/optimiser.safetensors",
            "checkpoint/state.json",
        ];
        foreach (string file in files)
        {
            Assert.Equal(
                File.ReadAllBytes(Path.Combine(_folder["straight"], file)), File.ReadAllBytes(Path.Combine(_folder["run"], file)));
        }
    }

    [Fact]
    public void Run_CancelledInAnEpoch_KeepsTheLastFinishedOneAndResumes()
    {
        using var source = new CancellationTokenSource();
        var cancelAfterTwo = new Immediate(line =>
        {
            if (line.Epoch == 2)
            {
                source.Cancel();
            }
        });

        Assert.Throws<OperationCanceledException>(
            () => new Trainer(Synthetic.Recipe(5), Cpu).Run(_train, _validation, _folder["run"], cancelAfterTwo, source.Token));

        Assert.Equal(2, RunLog.Read(new RunFolder(_folder["run"]).LogPath).Count);
        var notFinished = Assert.Throws<InvalidOperationException>(() => TrainedModel.Load(_folder["run"]));
        Assert.Equal($"{_folder["run"]}: training has not finished; resume it with 'cmvae train --resume'.", notFinished.Message);
        TrainingResult resumed = new Trainer(Synthetic.Recipe(5), Cpu with { Resume = true }).Run(_train, _validation, _folder["run"]);
        TrainingResult straight = new Trainer(Synthetic.Recipe(5), Cpu).Run(_train, _validation, _folder["straight"]);
        Assert.Equal(straight.Log.Select(Timeless), resumed.Log.Select(Timeless));
    }

    [Fact]
    public void Run_StoppedInTheFirstEpoch_ResumeStartsAnewWithTheSameRecipe()
    {
        using var source = new CancellationTokenSource();
        source.Cancel();
        var first = new Trainer(Synthetic.Recipe(), Cpu);
        Assert.Throws<OperationCanceledException>(() => first.Run(_train, _validation, _folder["run"], null, source.Token));
        Assert.Equal(["recipe.json"], Directory.EnumerateFileSystemEntries(_folder["run"]).Select(Path.GetFileName));
        TrainerOptions resume = Cpu with { Resume = true };

        Recipe other = Synthetic.Recipe() with { Objective = new ObjectiveOptions { Beta = 0.5 } };
        Assert.Throws<InvalidOperationException>(() => new Trainer(other, resume).Run(_train, _validation, _folder["run"]));
        TrainingResult resumed = new Trainer(Synthetic.Recipe(), resume).Run(_train, _validation, _folder["run"]);

        TrainingResult straight = new Trainer(Synthetic.Recipe(), Cpu).Run(_train, _validation, _folder["straight"]);
        Assert.Equal(straight.Log.Select(Timeless), resumed.Log.Select(Timeless));
    }

    [Fact]
    public void Run_DiedBeforeTheFirstCheckpoint_ResumeStartsAnew()
    {
        new Trainer(Synthetic.Recipe(1), Cpu).Run(_train, _validation, _folder["run"]);
        Directory.Delete(Path.Combine(_folder["run"], "checkpoint"), recursive: true);
        File.Delete(Path.Combine(_folder["run"], "metrics.json"));

        TrainingResult resumed = new Trainer(Synthetic.Recipe(2), Cpu with { Resume = true }).Run(_train, _validation, _folder["run"]);

        Assert.Equal([1, 2], resumed.Log.Select(line => line.Epoch));
        Assert.Equal(2, RecipeReader.Read(Path.Combine(_folder["run"], "recipe.json")).Training.Epochs);
    }

    [Fact]
    public void Run_CheckpointOfFinishedEpochsIsGone_ResumeIsRefusedAndKeepsTheRun()
    {
        new Trainer(Synthetic.Recipe(2), Cpu).Run(_train, _validation, _folder["run"]);
        Directory.Delete(Path.Combine(_folder["run"], "checkpoint"), recursive: true);
        byte[] weights = File.ReadAllBytes(Path.Combine(_folder["run"], "weights.safetensors"));
        string expected = $"{_folder["run", "checkpoint"]}: is missing although epochs have been finished; nothing to resume.";
        var resume = new Trainer(Synthetic.Recipe(3), Cpu with { Resume = true });

        var finished = Assert.Throws<InvalidOperationException>(() => resume.Run(_train, _validation, _folder["run"]));
        File.Delete(Path.Combine(_folder["run"], "metrics.json"));
        var stopped = Assert.Throws<InvalidOperationException>(() => resume.Run(_train, _validation, _folder["run"]));

        Assert.Equal((expected, expected), (finished.Message, stopped.Message));
        Assert.Equal(weights, File.ReadAllBytes(Path.Combine(_folder["run"], "weights.safetensors")));
    }

    [Fact]
    public void Run_CancelledAfterTheLastEpoch_StopsInTheFinalValidationAndResumes()
    {
        using var source = new CancellationTokenSource();
        var cancelAtTheEnd = new Immediate(line =>
        {
            if (line.Epoch == 3)
            {
                source.Cancel();
            }
        });

        var trainer = new Trainer(Synthetic.Recipe(), Cpu);
        Assert.Throws<OperationCanceledException>(() => trainer.Run(_train, _validation, _folder["run"], cancelAtTheEnd, source.Token));

        Assert.False(new RunFolder(_folder["run"]).IsFinished);
        TrainingResult resumed = new Trainer(Synthetic.Recipe(), Cpu with { Resume = true }).Run(_train, _validation, _folder["run"]);
        Assert.Equal(3, resumed.Log.Count);
    }

    [Fact]
    public void Run_DiedBetweenTheTwoRenames_ResumesFromTheOldCheckpoint()
    {
        new Trainer(Synthetic.Recipe(2), Cpu).Run(_train, _validation, _folder["run"]);
        Directory.Move(Path.Combine(_folder["run"], "checkpoint"), Path.Combine(_folder["run"], "checkpoint.old"));

        TrainingResult resumed = new Trainer(Synthetic.Recipe(3), Cpu with { Resume = true }).Run(_train, _validation, _folder["run"]);

        Assert.Equal(3, resumed.Log.Count);
        Assert.False(Directory.Exists(Path.Combine(_folder["run"], "checkpoint.old")));
    }

    [Fact]
    public void Run_FolderInUse_RefusedWithoutResume()
    {
        new Trainer(Synthetic.Recipe(1), Cpu).Run(_train, _validation, _folder["run"]);

        var error = Assert.Throws<ArgumentException>(() => new Trainer(Synthetic.Recipe(1), Cpu).Run(_train, _validation, _folder["run"]));

        Assert.StartsWith(
            $"{_folder["run"]}: a run is here already; resume it with --resume, or choose another folder.",
            error.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Run_ResumeWithNothing_WithAnotherRecipe_OnOtherValidationClips_Refused()
    {
        var resume = Cpu with { Resume = true };
        var nothing = Assert.Throws<InvalidOperationException>(
            () => new Trainer(Synthetic.Recipe(1), resume).Run(_train, _validation, _folder["run"]));
        Assert.Equal($"{_folder["run"]}: no epoch has been finished; nothing to resume.", nothing.Message);
        new Trainer(Synthetic.Recipe(1), Cpu).Run(_train, _validation, _folder["run"]);

        Recipe other = Synthetic.Recipe(2) with { Objective = new ObjectiveOptions { Beta = 0.5 } };
        var recipe = Assert.Throws<InvalidOperationException>(() => new Trainer(other, resume).Run(_train, _validation, _folder["run"]));
        Assert.Equal(
            $"{Path.Combine(_folder["run"], "recipe.json")}: the run was started with another recipe or other features; "
            + "it can be resumed with the same ones only.",
            recipe.Message);

        FeatureTable fewer = _validation.Where(clip => clip.Identity != "v000");
        var data = Assert.Throws<InvalidOperationException>(
            () => new Trainer(Synthetic.Recipe(2), resume).Run(_train, fewer, _folder["run"]));
        Assert.Equal(
            $"{_folder["run"]}: the run was started on other clips or features; it can be resumed on the same ones only.", data.Message);
    }

    [Fact]
    public void Run_MoreSteps_NoMoreLiveTensors()
    {
        static Recipe Steps(int passes) =>
            Synthetic.Recipe(2) with { Training = Synthetic.Recipe(2).Training with { PassesPerEpoch = passes } };
        var counts = new List<long>();
        long Run(int passes, string name)
        {
            counts.Clear();
            new Trainer(Steps(passes), Cpu).Run(_train, _validation, _folder[name], new Immediate(
                _ => counts.Add(TorchSharp.DisposeScopeManager.Statistics.ThreadTotalLiveCount)));
            Assert.Equal(counts[0], counts[1]);
            return counts[1];
        }

        TorchSharp.DisposeScopeManager.Statistics.Reset();
        long few = Run(1, "few");
        TorchSharp.DisposeScopeManager.Statistics.Reset();
        long many = Run(20, "many");

        Assert.Equal(few, many);
    }

    [Fact]
    public void Run_SomeModalitiesMissing_Trains()
    {
        FeatureTable train = Synthetic.Without(_train, voice: row => row % 5 == 0, face: row => row % 7 == 1);

        TrainingResult result = new Trainer(Synthetic.Recipe(2, PairSampling.Clips), Cpu).Run(train, _validation, _folder["run"]);

        Assert.Equal(96, result.Recipe.Statistics!.Voice.ClipCount);
        Assert.All(result.Log, line => Assert.True(double.IsFinite(line.Train.TotalLoss)));
    }

    [Fact]
    public void Run_HugeBeta_SaysItInItsEpochAndAtTheEndAndKeepsTheWholeRun()
    {
        Recipe recipe = Collapsing;
        var reported = new List<EpochLog>();

        var error = Assert.Throws<CollapsedPosteriorException>(
            () => new Trainer(recipe, Cpu).Run(_train, _validation, _folder["run"], new Immediate(reported.Add)));

        Assert.StartsWith(
            $"{_folder["run"]}: both encoders' posteriors have collapsed: they tell clips apart by at most 0.0",
            error.Message,
            StringComparison.Ordinal);
        var run = new RunFolder(_folder["run"]);
        IReadOnlyList<EpochLog> log = RunLog.Read(run.LogPath);
        Assert.Equal(reported, log);
        Assert.Equal(6, log.Count);
        Assert.Equal(PosteriorCollapse.Both, log[^1].Collapse);
        RunSummary summary = RunSummary.Read(run.MetricsPath);
        Assert.Equal(PosteriorCollapse.Both, summary.Collapse);
        Assert.Equal(error.Message, $"{_folder["run"]}: b{summary.Notes[0][1..]}");
        TrainingResult allowed = new Trainer(recipe, Cpu with { StopOnCollapse = false }).Run(_train, _validation, _folder["allowed"]);
        Assert.All(allowed.VoiceKlPerDimension, kl => Assert.InRange(kl, 0.0, PosteriorGuard.ActiveKl));
        Assert.Equal(PosteriorCollapse.Both, allowed.Collapse);
    }

    [Fact]
    public void Run_CollapsedAndResumed_SaysItAgain()
    {
        Recipe shorter = Collapsing with { Training = Collapsing.Training with { Epochs = 4 } };
        Assert.Throws<CollapsedPosteriorException>(() => new Trainer(shorter, Cpu).Run(_train, _validation, _folder["run"]));

        var same = Assert.Throws<CollapsedPosteriorException>(
            () => new Trainer(shorter, Cpu with { Resume = true }).Run(_train, _validation, _folder["run"]));
        Assert.Throws<CollapsedPosteriorException>(
            () => new Trainer(Collapsing, Cpu with { Resume = true }).Run(_train, _validation, _folder["run"]));

        Assert.Contains("both encoders' posteriors have collapsed", same.Message, StringComparison.Ordinal);
        Assert.Equal(6, RunLog.Read(new RunFolder(_folder["run"]).LogPath).Count);
        Assert.Equal(PosteriorCollapse.Both, RunSummary.Read(new RunFolder(_folder["run"]).MetricsPath).Collapse);
    }

    [Fact]
    public void Run_ALogOfAnOlderVersion_IsResumed()
    {
        new Trainer(Synthetic.Recipe(2), Cpu).Run(_train, _validation, _folder["run"]);
        var run = new RunFolder(_folder["run"]);
        foreach (string path in (string[])[run.LogPath, run.MetricsPath])
        {
            string[] now = Older(File.ReadAllLines(path));
            File.WriteAllLines(path, now);
        }

        Assert.Equal(PosteriorCollapse.None, RunSummary.Read(run.MetricsPath).Collapse);
        Assert.Null(RunSummary.Read(run.MetricsPath).ValidationIdentities);
        TrainingResult resumed = new Trainer(Synthetic.Recipe(3), Cpu with { Resume = true }).Run(_train, _validation, _folder["run"]);

        Assert.Null(resumed.Log[0].Collapse);
        Assert.Equal(PosteriorCollapse.None, resumed.Log[2].Collapse);
        Assert.Equal(3, RunLog.Read(run.LogPath).Count);

        static string[] Older(string[] lines) => [.. lines.Select(line => OlderFields().Replace(line, ""))];
    }

    [Fact]
    public void Run_FewValidationPeopleAndAnEarlyBestEpoch_AreNoted()
    {
        Recipe overfitting = Synthetic.Recipe(12) with { Objective = new ObjectiveOptions { Beta = 0.001, ContrastWeight = 1 } };
        overfitting = overfitting with
        {
            Model = overfitting.Model with { Dropout = 0 },
            Training = overfitting.Training with
            {
                PassesPerEpoch = 60,
                LearningRate = 0.01,
                Selection = SelectionCriterion.ValidationLoss,
            },
        };

        TrainingResult result = new Trainer(overfitting, Cpu).Run(_train, _validation, _folder["run"]);

        EpochLog best = result.Best;
        Assert.InRange(best.ValidationAuc!.Value, best.ValidationAucLow!.Value, best.ValidationAucHigh!.Value);
        Assert.All(result.Log, line => Assert.Equal(line.Best, line.ValidationAucLow is not null));
        Assert.Equal(12, result.ValidationIdentities);
        Assert.InRange(result.BestEpoch, 1, 3);
        Assert.Equal(
            [
                FormattableString.Invariant(
                    $"The validation AUC of {best.ValidationAuc:0.00} (95 % interval {best.ValidationAucLow:0.00} to ")
                    + FormattableString.Invariant($"{best.ValidationAucHigh:0.00}) is of 12 identities only (fewer than 50): ")
                    + "the choice of the epoch, and differences between runs, are within chance.",
                $"The kept epoch is {result.BestEpoch} of 12, among the first 3: what is learnt after it does not carry over to new people "
                    + "(overfitting). What helps: a lower 'learning_rate', more 'dropout', a smaller 'latent_dimension', 'augmentation' "
                    + "with more 'views', or all of these, as pipelines/real-small.json has them.",
            ],
            result.Notes);
        RunSummary summary = RunSummary.Read(new RunFolder(_folder["run"]).MetricsPath);
        Assert.Equal(result.Notes, summary.Notes);
        Assert.Equal((best.ValidationAucLow!.Value, best.ValidationAucHigh!.Value), summary.ValidationAucInterval!.Value);
        Assert.Equal(12, summary.ValidationIdentities);
    }

    [Theory]
    [InlineData(50, null)]
    [InlineData(49,
        "49 validation identities, fewer than 50: the best epoch is chosen by figures that chance moves by many points; "
        + "mark more identities as validation, or raise 'validation_share'.")]
    public void OfValidation_FewIdentities_WarnsBeforeTraining(int identities, string? expected) =>
        Assert.Equal(expected, TrainingNotes.OfValidation(identities));

    [Theory]
    [InlineData(50, null)]
    [InlineData(2,
        "2 training clips, fewer than 50: what is learnt of so few says nothing about other people; mark more clips as train.")]
    public void OfTraining_FewClips_WarnsBeforeTraining(int clips, string? expected) =>
        Assert.Equal(expected, TrainingNotes.OfTraining(clips));

    [Theory]
    [InlineData(0, "lower 'learning_rate'")]
    [InlineData(1e30, "lower 'learning_rate' or 'gradient_clip_norm'")]
    public void Run_LearningRateTooHigh_StopsNamingTheEpochAndWhatIsOn(double clip, string advice)
    {
        Recipe recipe = Synthetic.Recipe(3);
        recipe = recipe with { Training = recipe.Training with { LearningRate = 1e18, GradientClipNorm = clip } };

        var error = Assert.Throws<LossNotFiniteException>(() => new Trainer(recipe, Cpu).Run(_train, _validation, _folder["run"]));

        Assert.Equal($"Epoch 1: the training loss is no longer a finite number; {advice}. There is no checkpoint yet.", error.Message);
    }

    [Fact]
    public void Run_ReportsLiteralVoiceOrder_Refused()
    {
        Recipe recipe = Synthetic.Recipe() with { Voice = new VoiceOptions { Normalisation = FeatureNormalisation.ClipOverTime } };

        var error = Assert.Throws<InvalidDataException>(() => new Trainer(recipe, Cpu).Run(_train, _validation, _folder["run"]));

        Assert.StartsWith(
            "The voice front end normalises each frequency bin over the time of its own clip and then pools over time",
            error.Message,
            StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder["run"]));
    }

    [Fact]
    public void Run_ConstantVoice_DuplicatedClips_SharedPeople_OnePerson_AreRefused()
    {
        var constant = new FeatureTable
        {
            Clips = _train.Clips,
            Voice = new float[_train.Voice.Length],
            Face = _train.Face,
            VoiceLength = _train.VoiceLength,
            FaceLength = _train.FaceLength,
        };
        Assert.Equal(
            "The voice features are the same in all 120 clips: a constant input teaches nothing; "
            + "check the voice files and the voice front end.",
            Refusal(constant, _validation));

        FeatureTable copied = Synthetic.Table(12, 3, seed: 1, split: CorpusSplit.Validation, prefix: "p");
        copied = new FeatureTable
        {
            Clips = [.. copied.Clips.Select(clip => clip with { Identity = "x" + clip.Identity })],
            Voice = copied.Voice,
            Face = copied.Face,
            VoiceLength = copied.VoiceLength,
            FaceLength = copied.FaceLength,
        };
        Assert.Equal(
            "Clips 'p000/0' and 'xp000/0' have the same voice features but different identities: "
            + "one file is listed under two names; remove one of them.",
            Refusal(_train, copied));

        Assert.Equal(
            "Identity 'p000' (and 11 more) is in the training split and in the validation split: a person seen in the one cannot be judged "
            + "on in the other; give every identity one split.",
            Refusal(_train, Synthetic.Table(12, 3, seed: 9)));

        Assert.Equal(
            "The training split has 1 identity; at least 2 are needed to tell people apart.", Refusal(Synthetic.Table(1, 5), _validation));
        Assert.Equal(
            "The validation split has 1 identity; at least 2 are needed to tell people apart.",
            Refusal(_train, _validation.Where(clip => clip.Identity == "v000")));
    }

    [Fact]
    public void Run_ContrastiveRecipe_BeatsChanceOnUnseenPeopleAndShuffledPairsDoNot()
    {
        Recipe recipe = Synthetic.Recipe(10) with
        {
            Training = Synthetic.Recipe(10).Training with { PassesPerEpoch = 10, Selection = SelectionCriterion.ValidationLoss },
        };
        FeatureTable train = Synthetic.Table(150, 3);
        FeatureTable test = Synthetic.Table(60, 2, seed: 3, split: CorpusSplit.Test, prefix: "t");

        new Trainer(recipe, Cpu).Run(train, _validation, _folder["true"]);
        new Trainer(recipe, Cpu).Run(Synthetic.ShuffledFaces(train, 1), Synthetic.ShuffledFaces(_validation, 2), _folder["shuffled"]);

        Assert.InRange(Auc(_folder["true"], test), 0.85, 1.0);
        Assert.InRange(Auc(_folder["shuffled"], test), 0.35, 0.65); // 60 people: chance scatters by about 0.04
    }

    private static EpochLog Timeless(EpochLog line) => line with { Seconds = 0, StepsPerSecond = 0, PairsPerSecond = 0 };

    private static double Auc(string run, FeatureTable table)
    {
        using TrainedModel model = TrainedModel.Load(run);
        int[] rows = [.. Enumerable.Range(0, table.Count)];
        return Validator.Trials(
            table,
            rows,
            model.Encode(Modality.Voice, table.Voice, table.Count).Mean,
            rows,
            model.Encode(Modality.Face, table.Face, table.Count).Mean,
            8).Auc()!.Value;
    }

    private string Refusal(FeatureTable train, FeatureTable validation) =>
        Assert.Throws<InvalidDataException>(() => new Trainer(Synthetic.Recipe(), Cpu).Run(train, validation, _folder["run"])).Message;

    /// <summary>Calls at once, where <see cref="Progress{T}"/> posts.</summary>
    private sealed class Immediate(Action<EpochLog> action) : IProgress<EpochLog>
    {
        public void Report(EpochLog value) => action(value);
    }
}
