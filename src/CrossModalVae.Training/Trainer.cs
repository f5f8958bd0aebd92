using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using CrossModalVae.Audio;
using CrossModalVae.Corpora;
using CrossModalVae.Faces;
using CrossModalVae.Recipes.Terms;
using CrossModalVae.Towers;
using CrossModalVae.Training.Terms;
using TorchSharp;

namespace CrossModalVae.Training;

/// <summary>
/// Trains an MS-VAE on the features of a corpus and keeps the run in a folder: recipe as used, log, checkpoint of the last finished epoch,
/// weights of the best epoch (chosen on the validation split only) and, at the end, metrics.
/// </summary>
/// <remarks>
/// The same recipe, seed, features, device and thread count give the same numbers, bit for bit on a CPU. Other thread counts or devices
/// order sums differently: their numbers agree to rounding.
/// </remarks>
public sealed class Trainer
{
    private readonly Recipe _recipe;
    private readonly TrainerOptions _options;

    /// <summary>Stores recipe and options.</summary>
    /// <param name="recipe">The recipe; statistics in it are computed again.</param>
    /// <param name="options">What is decided per run; null for the defaults.</param>
    public Trainer(Recipe recipe, TrainerOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        _options = options ?? new TrainerOptions();
        _recipe = recipe with
        {
            Statistics = null,
            Training = recipe.Training with
            {
                StartSha256 = "",
                Seed = _options.Seed ?? recipe.Training.Seed,
                Epochs = _options.Epochs ?? recipe.Training.Epochs,
            },
        };
    }

    /// <summary>Trains. A cancelled run leaves its last finished epoch, which <see cref="TrainerOptions.Resume"/> continues.</summary>
    /// <param name="train">The training split, in memory or in a store (<see cref="FeatureStore.Stream(Corpora.Manifest, Recipe,
    /// Augmentation.AugmentationSources, FeatureSource)"/>); it is not copied.</param>
    /// <param name="validation">The validation split: other identities (<see cref="ValidationSplit"/> makes one).</param>
    /// <param name="runFolder">Where the run's files go.</param>
    /// <param name="progress">Receives every epoch's log as it ends; null for none.</param>
    /// <param name="cancellationToken">Checked before every step and every batch of the validation.</param>
    /// <exception cref="InvalidDataException">The features or the corpus carry nothing to learn; the message says why.</exception>
    /// <exception cref="ArgumentException">An option, the device or the run folder cannot be used.</exception>
    /// <exception cref="InvalidOperationException">
    /// Nothing to resume, another recipe or corpus than the run's, or a loss that is no longer finite
    /// (<see cref="LossNotFiniteException"/>). A run that was stopped before its first epoch ended is resumed by starting again.
    /// </exception>
    /// <exception cref="CollapsedPosteriorException">The posteriors have collapsed in the kept epoch; the whole run is written.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public TrainingResult Run(
        FeatureSource train,
        FeatureSource validation,
        string runFolder,
        IProgress<EpochLog>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(train);
        ArgumentNullException.ThrowIfNull(validation);
        ArgumentException.ThrowIfNullOrEmpty(runFolder);
        FeatureGuard.RequireInformativeOrder(_recipe.Voice); // before the options' own faults: its message says why
        _recipe.Validate();
        RequireUsable(train, validation);
        var run = new RunFolder(runFolder);
        StartingWeights? start = Start(train, validation, run, progress, cancellationToken);
        EncoderInput voiceInput = EncoderInput.Of(_recipe, Modality.Voice, train.VoiceLength);
        EncoderInput faceInput = EncoderInput.Of(_recipe, Modality.Face, train.FaceLength);
        FeatureStatistics voice = train.ComputeStatistics(
            Modality.Voice, voiceInput.StatisticsCount, voiceInput.BlockLength, out int constantVoice);
        FeatureStatistics face = train.ComputeStatistics(
            Modality.Face, faceInput.StatisticsCount, faceInput.BlockLength, out int constantFace);

        // Features that the recipe normalises clip by clip, or not at all, stay as they are.
        if (_recipe.Voice.Normalisation != FeatureNormalisation.Corpus)
        {
            voice = FeatureStatistics.Identity(voice.Length, voice.ClipCount);
        }

        if (_recipe.Face.Normalisation != FaceNormalisation.Corpus)
        {
            face = FeatureStatistics.Identity(face.Length, face.ClipCount);
        }

        Recipe recipe = _recipe with
        {
            Statistics = new RecipeStatistics(
                start?.Statistics.GetValueOrDefault(Modality.Voice) ?? voice, start?.Statistics.GetValueOrDefault(Modality.Face) ?? face),
            Training = _recipe.Training with { StartSha256 = start?.Sha256 ?? "" },
        };
        (voice, face) = (recipe.Statistics.Voice, recipe.Statistics.Face);
        DeviceChoice device = DeviceChoice.Resolve(_options.Device);
        torch.set_num_threads(_options.Threads ?? Environment.ProcessorCount);
        PairSampler.RequireUsable(train, recipe.Training);
        TorchLibrary.Require();
        TermSet terms = TermSet.Create(recipe, train, device.Device); // refuses what the corpus lacks before anything is written
        if (start is not null)
        {
            using var probe = new MultimodalVae(
                recipe.Model, voiceInput, faceInput, recipe.Training.Seed, recipe.Objective);
            start.CopyTo(probe, recipe); // refuses other shapes before anything is written
        }

        Open(run, recipe);
        using var loop = new TrainingLoop(
            recipe,
            new StandardisedTable(train, voice, face, voiceInput, faceInput, recipe.FreshAugmentation),
            new StandardisedTable(validation, voice, face, voiceInput, faceInput),
            terms,
            run,
            device.Device,
            DataHash(terms.DataHash, cancellationToken, train, validation),
            start);
        IReadOnlyList<EpochLog> log = loop.Run(_options.StopAfterEpoch, progress, cancellationToken);
        (PosteriorMeasures ofVoice, PosteriorMeasures ofFace) = loop.BestPosteriors(cancellationToken);
        PosteriorCollapse collapse = PosteriorGuard.Find(ofVoice.Information, ofFace.Information);
        var result = new TrainingResult
        {
            Recipe = recipe,
            BestEpoch = loop.BestEpoch,
            Log = log,
            VoiceKlPerDimension = ofVoice.Kl,
            FaceKlPerDimension = ofFace.Kl,
            Collapse = collapse,
            CollapseMessage = collapse == PosteriorCollapse.None
                ? null
                : PosteriorGuard.Message(collapse, ofVoice.Information, ofFace.Information, recipe.Objective.HasPosteriors),
            ConstantVoiceFeatureCount = constantVoice,
            ConstantFaceFeatureCount = constantFace,
            TrainingIdentities = CountIdentities(train),
            TrainingClips = train.Count,
            ValidationIdentities = CountIdentities(validation),
            ValidationClips = validation.Count,
            Device = device.Description,
            Pretraining = _recipe.Training.Pretraining is null ? null : DataOf(new RunFolder(run.PretrainingPath)),
            Skipped = [.. train.Skipped.Union(validation.Skipped)],
            LeftOutTerms = terms.LeftOut,
            StartNote = start?.Note ?? "",
            Scores = loop.Scores(cancellationToken),
        };
        RunSummary.Write(run.MetricsPath, result);
        return _options.StopOnCollapse && result.CollapseMessage is string message
            ? throw new CollapsedPosteriorException($"{runFolder}: {message}")
            : result;
    }

    private static int CountIdentities(FeatureSource table) =>
        table.Clips.Select(clip => clip.Identity).Distinct(StringComparer.Ordinal).Count();

    private void RequireUsable(FeatureSource train, FeatureSource validation)
    {
        CorpusGuard.RequireIdentities(train.Clips, "training split");
        CorpusGuard.RequireIdentities(validation.Clips, "validation split");
        CorpusGuard.RequireSeparate(train.Clips, "training split", validation.Clips, "validation split");
        if ((train.VoiceLength, train.FaceLength) != (validation.VoiceLength, validation.FaceLength))
        {
            throw new ArgumentException(
                $"'validation' has {validation.VoiceLength} voice and {validation.FaceLength} face features; "
                + $"must have {train.VoiceLength} and {train.FaceLength}, as training.",
                nameof(validation));
        }

        FeatureGuard.RequireInformative(train, validation);
        foreach (Modality modality in (Modality[])[Modality.Voice, Modality.Face])
        {
            if (_recipe.Objective.LikelihoodOf(modality) == LikelihoodKind.Bernoulli)
            {
                FeatureGuard.RequireProbabilities(train, modality);
                FeatureGuard.RequireProbabilities(validation, modality);
            }
        }

        if (_recipe.Training.SelectsByAuc
            && (validation.RowsWith(Modality.Voice).Length == 0 || validation.RowsWith(Modality.Face).Length == 0))
        {
            throw new InvalidDataException(
                "The validation split lacks voices or faces; "
                + $"selection by '{EnumText.Of(_recipe.Training.Selection)}' needs both.");
        }
    }

    // What training starts from, once it is there: the stage before it is a run in a folder of the run.
    private StartingWeights? Start(
        FeatureSource train,
        FeatureSource validation,
        RunFolder run,
        IProgress<EpochLog>? progress,
        CancellationToken cancellationToken)
    {
        TrainingOptions training = _recipe.Training;
        string? given = _options.StartFrom ?? _options.StartEncoders?.Place;
        if (training.Pretraining is not null && given is not null)
        {
            throw UserError.Mark(new ArgumentException(
                $"The recipe '{_recipe.Name}' has 'pretraining', and training is to start from '{given}'; leave one out."));
        }

        if (training.Pretraining is null && _options.PretrainingCorpus is not null)
        {
            throw UserError.Mark(new ArgumentException(
                $"A corpus to pre-train on is given, and the recipe '{_recipe.Name}' has no 'pretraining' section; add one."));
        }

        StartingWeights? start = training.Pretraining is PretrainingOptions options
            ? Pretrain(options, train, validation, run, progress, cancellationToken)
            : _options.StartEncoders is StartingEncoders encoders ? StartingWeights.Of(encoders)
            : _options.StartFrom is string folder ? StartingWeights.Read(folder)
            : null;
        start?.RequireFits(_recipe);
        ModelOptions model = _recipe.Model;
        if (model.FaceTower?.Kind == TowerKind.DlibResnet && start?.Covers("face.tower.") != true)
        {
            throw UserError.Mark(new ArgumentException(
                "'model.face_tower' is a dlib-resnet, which has no normalisation to learn with from random weights; start from those of an "
                + "encoder (--init-from, of a file that 'cmvae encoder import face-api' writes)."));
        }

        if (start is null && (training.FrozenEpochs > 0 || training.EncoderRateShare < 1.0))
        {
            throw UserError.Mark(new ArgumentException(
                "'frozen_epochs' and 'encoder_rate_share' are for encoders that are trained already; add 'pretraining', or start from a "
                + "run (--init-from)."));
        }

        return start is null && _recipe.Objective.Bound == BoundKind.RidgeCca
            && (model.VoiceHidden.Count + model.FaceHidden.Count > 0 || model.VoiceTower is not null || model.FaceTower is not null)
            ? throw UserError.Mark(new ArgumentException(
                "'bound' is ridge-cca, which fits the last, linear layer of encoders: 'voice_hidden' and 'face_hidden' must be [], without "
                + "towers, unless these are trained already ('pretraining', or --init-from)."))
            : start;
    }

    private StartingWeights Pretrain(
        PretrainingOptions options,
        FeatureSource train,
        FeatureSource validation,
        RunFolder run,
        IProgress<EpochLog>? progress,
        CancellationToken cancellationToken)
    {
        if (!_options.Resume && run.IsBegun)
        {
            throw UsedAlready(run);
        }

        if (_options.Resume && !run.IsBegun)
        {
            run.RequireResumable();
        }

        Recipe recipe = PretrainingRecipe(options);
        var stage = new RunFolder(run.PretrainingPath);
        if (stage.IsFinished && RecipeHash.Compute(stage.ReadRecipe() with { Statistics = null }) != RecipeHash.Compute(recipe))
        {
            throw AnotherRecipe(stage);
        }

        if (!stage.IsFinished)
        {
            TrainerOptions own = _options with
            {
                Seed = null,
                Epochs = null,
                StopAfterEpoch = null,
                PretrainingCorpus = null,
                Resume = stage.IsUsed,
                StopOnCollapse = false,
            };
            new Trainer(recipe, own).Run(
                _options.PretrainingCorpus is FeatureSource more ? train.Join(more) : train,
                validation,
                stage.FolderPath,
                progress is null ? null : new StageProgress(progress),
                cancellationToken);
        }

        return StartingWeights.Read(stage.FolderPath);
    }

    // Classification alone, of every clip once an epoch; the last epoch is taken, as no validation person is among the classes.
    private Recipe PretrainingRecipe(PretrainingOptions options) => _recipe with
    {
        Model = _recipe.Model with { PrivateDimension = 0 },
        Objective = new ObjectiveOptions
        {
            Bound = BoundKind.None,
            Alignment = AlignmentKind.None,
            Terms =
            [
                new IdentityOptions { Head = options.Head, Scale = options.Scale, Margin = options.Margin, Shared = options.Shared },
            ],
        },
        Training = _recipe.Training with
        {
            Epochs = options.Epochs,
            LearningRate = options.LearningRate,
            Selection = SelectionCriterion.LastEpoch,
            SelectionSmoothingEpochs = 1,
            PatienceEpochs = 0,
            Sampling = PairSampling.Clips,
            SameGenderShare = 0.0,
            EncoderRateShare = 1.0,
            FrozenEpochs = 0,
            Pretraining = null,
        },
    };

    private static PretrainingData DataOf(RunFolder stage)
    {
        RunSummary summary = RunSummary.Read(stage.MetricsPath);
        return new PretrainingData(summary.TrainingIdentities, summary.TrainingClips, Checkpoint.DataHashOf(stage));
    }

    private static ArgumentException UsedAlready(RunFolder run) => UserError.Mark(new ArgumentException(
        $"{run.FolderPath}: a run is here already; resume it with --resume, or choose another folder."));

    private static InvalidOperationException AnotherRecipe(RunFolder run) => UserError.Mark(new InvalidOperationException(
        $"{run.RecipePath}: the run was started with another recipe or other features; it can be resumed with the same ones only."));

    private void Open(RunFolder run, Recipe recipe)
    {
        if (!_options.Resume || (!run.IsUsed && run.IsBegun))
        {
            if (run.IsUsed)
            {
                throw UsedAlready(run);
            }

            RecipeWriter.Write(run.RecipePath, recipe);
            return;
        }

        run.RequireResumable();

        // Another number of epochs is allowed; any other change would mix two runs.
        Recipe before = run.ReadRecipe();
        Recipe expected = before with { Training = before.Training with { Epochs = recipe.Training.Epochs } };
        if (RecipeHash.Compute(expected) != RecipeHash.Compute(recipe))
        {
            throw before.Training.StartSha256 == recipe.Training.StartSha256
                ? AnotherRecipe(run)
                : UserError.Mark(new InvalidOperationException(
                    $"{run.RecipePath}: the run was started from other weights; it can be resumed with the same --init-from only."));
        }

        if (before.Training.Epochs != recipe.Training.Epochs)
        {
            if (recipe.Training.Schedule != LearningRateSchedule.Constant || recipe.Training.WarmUpShare > 0.0)
            {
                throw UserError.Mark(new InvalidOperationException(
                    $"{run.RecipePath}: the learning rate was scheduled for {before.Training.Epochs} epochs; "
                    + $"the run cannot be resumed with {recipe.Training.Epochs}."));
            }

            RecipeWriter.Write(run.RecipePath, recipe);
        }
    }

    // Epochs of the stage before training, marked as such.
    private sealed class StageProgress(IProgress<EpochLog> progress) : IProgress<EpochLog>
    {
        public void Report(EpochLog value) => progress.Report(value with { IsPretraining = true });
    }

    private static string DataHash(string ofTerms, CancellationToken cancellationToken, params FeatureSource[] tables)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(ofTerms));
        foreach (FeatureSource table in tables)
        {
            float[] voice = new float[table.VoiceLength], face = new float[table.FaceLength];
            for (int view = 0; view < table.ViewCount; view++)
            {
                for (int row = 0; row < table.Count; row++)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    if (view == 0)
                    {
                        hash.AppendData(
                            Encoding.UTF8.GetBytes($"{table.Clips[row].Key}\n{table.HasVoice(row)} {table.HasFace(row)}\n"));
                    }

                    hash.AppendData(MemoryMarshal.AsBytes(table.HasVoice(row) ? table.Row(Modality.Voice, view, row, voice) : []));
                    hash.AppendData(MemoryMarshal.AsBytes(table.HasFace(row) ? table.Row(Modality.Face, view, row, face) : []));
                }
            }
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
