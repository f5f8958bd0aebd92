using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using CrossModalVae.Cli.Terminal;
using CrossModalVae.Models;
using CrossModalVae.Scoring.Encoders;
using CrossModalVae.Sweeps;
using CrossModalVae.Training;
using CrossModalVae.Training.Folds;

namespace CrossModalVae.Cli.Workflows;

/// <summary>
/// Trains the trials of a search space, each an ordinary run (or one a fold) in a folder of its own. Features come from stores, one for
/// each front end of the space, that are made once. What a trial reached is noted as soon as it is trained: a sweep that dies at any moment
/// goes on to the same results.
/// </summary>
internal sealed class Sweep
{
    internal required SweepSpace Space { get; init; }

    internal required SweepPlan Plan { get; init; }

    internal required string Folder { get; init; }

    internal required TrainerOptions Options { get; init; }

    /// <summary>Everything but store and encoders, which are a trial's.</summary>
    internal required TrainingFeatures Features { get; init; }

    /// <summary>The store that the caller names; null to make what is needed in <see cref="Folder"/>.</summary>
    internal FeatureStore? Store { get; init; }

    /// <summary>Opens a recipe's encoders.</summary>
    internal required Func<Recipe, RecipeEncoders> Open { get; init; }

    /// <summary>The recipe's document with a trial's values, read and checked.</summary>
    /// <exception cref="InvalidDataException">
    /// The values lead nowhere, or the recipe refuses them; a sentence that names the trial's values.
    /// </exception>
    internal static Recipe RecipeOf(SweepSpace space, JsonObject document, SweepTrial trial, int epochs)
    {
        try
        {
            Recipe recipe = RecipeReader.Parse(trial.Apply(document).ToJsonString(), "recipe");
            return space.Options.Any(option => option.Path == "training.epochs")
                ? recipe
                : recipe with { Training = recipe.Training with { Epochs = epochs } };
        }
        catch (InvalidDataException e)
        {
            string fault = e.Message.Replace("recipe: line 1: ", "", StringComparison.Ordinal).ReplaceLineEndings(" ");
            throw new InvalidDataException($"{space.FilePath}: with {trial.Text}: {fault}", e);
        }
    }

    /// <summary>Trains what is not done yet.</summary>
    internal SweepResults Run(IReadOnlyList<SweepTrial> trials, IReadOnlyList<Recipe> recipes, CancellationToken cancellationToken)
    {
        var results = SweepResults.Open(Folder, Space, Plan, trials, recipes.Select(RecipeWriter.Text));
        results.Write();
        IEnumerable<SweepTrial> left = trials;
        foreach ((int round, (int epochs, int count)) in Plan.Rounds().Index())
        {
            // The best of those that this round's predecessor left, by what they had reached then.
            left =
            [
                .. left.Where(trial => results.Lines[trial.Number - 1].Fault is null || round == 0)
                    .OrderByDescending(trial => round == 0 ? 0.0 : results.Lines[trial.Number - 1].Rounds[round - 1].Rank)
                    .Take(count)
                    .OrderBy(trial => trial.Number),
            ];
            foreach (SweepTrial trial in left)
            {
                SweepLine line = results.Lines[trial.Number - 1];
                if (line.Fault is not null || line.Rounds.Count > round)
                {
                    continue;
                }

                cancellationToken.ThrowIfCancellationRequested();
                Features.Error.WriteLine($"trial {trial.Number} of {trials.Count}: {trial.Text}");
                results.Set(Train(line, recipes[trial.Number - 1], epochs, cancellationToken));
            }
        }

        return results;
    }

    private SweepLine Train(SweepLine line, Recipe recipe, int epochs, CancellationToken cancellationToken)
    {
        int last = Plan.Method == SweepMethod.Halving ? epochs : recipe.Training.Epochs;
        string folder = Path.Combine(Folder, line.Trial.Folder);
        TrainerOptions options = Options with { StopAfterEpoch = last };
        using RecipeEncoders encoders = Open(recipe);
        using FeatureStore? own = Store is null ? Prepare(encoders, cancellationToken) : null;
        TrainingFeatures features = Features with { Store = Store ?? own, Encoders = encoders.Encoders };
        FoldResult[] folds;
        try
        {
            folds = Plan.Folds is int count
                ? [.. CrossValidation.Run(
                    encoders.Recipe,
                    features.Folds(encoders.Recipe, count, Plan.Seed, cancellationToken),
                    count,
                    folder,
                    options,
                    Features.Error,
                    cancellationToken).Select(fold => fold.Result)]
                : [Single()];
        }
        catch (Exception e) when (e is LossNotFiniteException or InvalidDataException)
        {
            Features.Error.WriteLine($"warning: trial {line.Trial.Number} failed: {e.Message}");
            return line with { Fault = e.Message };
        }

        var score = FoldFigure.Of(folds.Select(fold => fold.SmoothedIdentityAuc));
        return line with
        {
            Rounds =
            [
                .. line.Rounds,
                new SweepScore(
                    epochs,
                    score?.Mean,
                    score?.StandardDeviation / Math.Sqrt(folds.Length),
                    FoldFigure.Of(folds.Select(fold => fold.Auc))?.Mean,
                    FoldFigure.Of(folds.Select(fold => fold.IdentityAuc))?.Mean,
                    FoldFigure.Of(folds.Select(fold => fold.SameGenderAuc))?.Mean,
                    folds.Any(fold => fold.Collapse != PosteriorCollapse.None)),
            ],
        };

        FoldResult Single()
        {
            (FeatureSource train, FeatureSource validation) = features.Splits(encoders.Recipe, cancellationToken);
            return CrossValidation.One(encoders.Recipe, train, validation, folder, options, Features.Error, cancellationToken);
        }
    }

    // One store for each front end. Augmented views are in it where all trials train on the same people: babble is made of their voices.
    private FeatureStore Prepare(RecipeEncoders encoders, CancellationToken cancellationToken)
    {
        bool sharesViews = Plan.Folds is null && Features.Manifest.Clips.Any(clip => clip.Split == CorpusSplit.Validation);
        Recipe recipe = sharesViews ? encoders.Recipe : encoders.Recipe with { Augmentation = null };
        byte[] content = Encoding.UTF8.GetBytes(JsonText.Canonical(RecipeWriter.ViewSections(recipe)));
        string path = Path.Combine(Folder, $"features-{Convert.ToHexStringLower(SHA256.HashData(content))[..12]}");
        if (!File.Exists(path))
        {
            var builder = new FeatureStoreBuilder(
                recipe,
                new FeatureStoreOptions { SkipBroken = Features.SkipBroken, Reading = Features.Reading, Encoders = encoders.Encoders },
                Features.Sources);
            using ProgressBar progress = ProgressBar.Start("preparing", builder.CountRows(Features.Manifest), Features.Error);
            FeatureStoreReport report = builder.Build(Features.Manifest, path, progress, cancellationToken);
            foreach (SkippedClip clip in report.Skipped)
            {
                progress.Line($"warning: {clip.Text}");
            }
        }

        return FeatureStore.Open(path);
    }
}
