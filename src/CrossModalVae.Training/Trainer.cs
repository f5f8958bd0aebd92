using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using CrossModalVae.Audio;
using CrossModalVae.Corpora;
using CrossModalVae.Faces;
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
                Seed = _options.Seed ?? recipe.Training.Seed,
                Epochs = _options.Epochs ?? recipe.Training.Epochs,
            },
        };
    }

    /// <summary>Trains. A cancelled run leaves its last finished epoch, which <see cref="TrainerOptions.Resume"/> continues.</summary>
    /// <param name="train">The training split.</param>
    /// <param name="validation">The validation split: other identities (<see cref="ValidationSplit"/> makes one).</param>
    /// <param name="runFolder">Where the run's files go.</param>
    /// <param name="progress">Receives every epoch's log as it ends; null for none.</param>
    /// <param name="cancellationToken">Checked before every step and every batch of the validation.</param>
    /// <exception cref="InvalidDataException">The features or the corpus carry nothing to learn; the message says why.</exception>
    /// <exception cref="ArgumentException">An option, the device or the run folder cannot be used.</exception>
    /// <exception cref="InvalidOperationException">
    /// Nothing to resume, another recipe or corpus than the run's, or a loss that is no longer finite. A run that was stopped before its
    /// first epoch ended is resumed by starting again.
    /// </exception>
    /// <exception cref="CollapsedPosteriorException">The posteriors have collapsed; log and weights are written.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public TrainingResult Run(
        FeatureTable train,
        FeatureTable validation,
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
        FeatureStatistics voice = train.ComputeStatistics(Modality.Voice, out int constantVoice);
        FeatureStatistics face = train.ComputeStatistics(Modality.Face, out int constantFace);

        // Features that the recipe normalises clip by clip, or not at all, stay as they are.
        if (_recipe.Voice.Normalisation != FeatureNormalisation.Corpus)
        {
            voice = FeatureStatistics.Identity(voice.Length, voice.ClipCount);
        }

        if (_recipe.Face.Normalisation != FaceNormalisation.Corpus)
        {
            face = FeatureStatistics.Identity(face.Length, face.ClipCount);
        }

        Recipe recipe = _recipe with { Statistics = new RecipeStatistics(voice, face) };

        DeviceChoice device = DeviceChoice.Resolve(_options.Device);
        torch.set_num_threads(_options.Threads ?? Environment.ProcessorCount);
        RunFolder run = Open(runFolder, recipe);
        using var loop = new TrainingLoop(
            recipe,
            new StandardisedTable(train, voice, face),
            new StandardisedTable(validation, voice, face),
            run,
            device.Device,
            DataHash(train, validation));
        IReadOnlyList<EpochLog> log = loop.Run(progress, cancellationToken);
        (double[] voiceKl, double[] faceKl) = loop.BestKlPerDimension(cancellationToken);
        var result = new TrainingResult
        {
            Recipe = recipe,
            BestEpoch = loop.BestEpoch,
            Log = log,
            VoiceKlPerDimension = voiceKl,
            FaceKlPerDimension = faceKl,
            ConstantVoiceFeatureCount = constantVoice,
            ConstantFaceFeatureCount = constantFace,
            TrainingIdentities = train.Clips.Select(clip => clip.Identity).Distinct(StringComparer.Ordinal).Count(),
            TrainingClips = train.Count,
            Device = device.Description,
            Skipped = [.. train.Skipped.Union(validation.Skipped)],
        };
        RunSummary.Write(run.MetricsPath, result);
        if (_options.StopOnCollapse)
        {
            PosteriorGuard.RequireActive(voiceKl, faceKl);
        }

        return result;
    }

    private void RequireUsable(FeatureTable train, FeatureTable validation)
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
        if (_recipe.Training.Selection == SelectionCriterion.ValidationAuc
            && (validation.RowsWith(Modality.Voice).Length == 0 || validation.RowsWith(Modality.Face).Length == 0))
        {
            throw new InvalidDataException("The validation split lacks voices or faces; selection by 'validation-auc' needs both.");
        }
    }

    private RunFolder Open(string path, Recipe recipe)
    {
        var run = new RunFolder(path);
        if (!_options.Resume)
        {
            if (run.IsUsed)
            {
                throw UserError.Mark(new ArgumentException(
                    $"{path}: a run is here already; resume it with --resume, or choose another folder.", nameof(path)));
            }

            RecipeWriter.Write(run.RecipePath, recipe);
            return run;
        }

        run.RequireResumable();

        // Another number of epochs is allowed; any other change would mix two runs.
        Recipe before = run.ReadRecipe();
        Recipe expected = before with { Training = before.Training with { Epochs = recipe.Training.Epochs } };
        if (RecipeHash.Compute(expected) != RecipeHash.Compute(recipe))
        {
            throw UserError.Mark(new InvalidOperationException(
                $"{run.RecipePath}: the run was started with another recipe or other features; "
                + "it can be resumed with the same ones only."));
        }

        if (before.Training.Epochs != recipe.Training.Epochs)
        {
            RecipeWriter.Write(run.RecipePath, recipe);
        }

        return run;
    }

    private static string DataHash(params FeatureTable[] tables)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (FeatureTable table in tables)
        {
            for (int row = 0; row < table.Count; row++)
            {
                hash.AppendData(Encoding.UTF8.GetBytes($"{table.Clips[row].Key}\n{table.HasVoice(row)} {table.HasFace(row)}\n"));
                Append(table, row, table.Voice, table.Face);
            }

            foreach (FeatureView view in table.AugmentedViews)
            {
                for (int row = 0; row < table.Count; row++)
                {
                    Append(table, row, view.Voice, view.Face);
                }
            }
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());

        void Append(FeatureTable table, int row, float[] voice, float[] face)
        {
            hash.AppendData(MemoryMarshal.AsBytes(table.HasVoice(row) ? voice.AsSpan(row * table.VoiceLength, table.VoiceLength) : []));
            hash.AppendData(MemoryMarshal.AsBytes(table.HasFace(row) ? face.AsSpan(row * table.FaceLength, table.FaceLength) : []));
        }
    }
}
