using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace CrossModalVae.Training.Folds;

/// <summary>What a run reached on its validation split, kept as validation.json beside the run's own files.</summary>
public sealed record FoldResult
{
    /// <summary>The name of the file in the run's folder.</summary>
    public const string FileName = "validation.json";

    private const int FewestSmoothedEpochs = 3;

    /// <summary>SHA-256 of the recipe before training; ties the result to it.</summary>
    public required string RecipeSha256 { get; init; }

    /// <summary>The epoch after which the run was to end.</summary>
    public required int EpochLimit { get; init; }

    /// <summary>The epochs trained, at most <see cref="EpochLimit"/>.</summary>
    public required int Epochs { get; init; }

    /// <summary>The epoch whose weights were kept, one-based.</summary>
    public required int BestEpoch { get; init; }

    /// <summary>Clips trained on.</summary>
    public required int TrainingClips { get; init; }

    /// <summary>Clips validated on.</summary>
    public required int ValidationClips { get; init; }

    /// <summary>Identities validated on, also those without a trial of each kind.</summary>
    public required int ValidationIdentities { get; init; }

    /// <summary>Which encoders' posteriors have collapsed in the kept epoch.</summary>
    public required PosteriorCollapse Collapse { get; init; }

    /// <summary>
    /// AUC by identity, mean over the 3 epochs that end with the kept one, or over as many as the recipe smooths its selection over where
    /// these are more: the figure that runs are compared by. Null where no identity has a trial of each kind.
    /// </summary>
    public double? SmoothedIdentityAuc { get; init; }

    /// <summary>AUC over all trials.</summary>
    public double? Auc { get; init; }

    /// <summary>AUC macro-averaged over identities.</summary>
    public double? IdentityAuc { get; init; }

    /// <summary>AUC over the trials of two people of one gender.</summary>
    public double? SameGenderAuc { get; init; }

    /// <summary>Each identity's.</summary>
    public required IReadOnlyList<PersonScore> People { get; init; }

    /// <summary>
    /// The result of a run: the one in its folder where it has been trained far enough, else of training it, from its checkpoint where it
    /// has one. A run that dies at any moment goes on to the same numbers.
    /// </summary>
    /// <param name="runFolder">The run's folder.</param>
    /// <param name="recipe">The recipe with seed and epochs as the run has them.</param>
    /// <param name="train">The training split.</param>
    /// <param name="validation">The validation split.</param>
    /// <param name="epochLimit">The epoch after which the run ends.</param>
    /// <param name="run">Trains up to that epoch; its argument says whether to resume.</param>
    /// <exception cref="InvalidOperationException">What is in the folder is of another recipe or of other clips.</exception>
    public static FoldResult Complete(
        string runFolder,
        Recipe recipe,
        FeatureSource train,
        FeatureSource validation,
        int epochLimit,
        Func<bool, TrainingResult> run)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        ArgumentNullException.ThrowIfNull(train);
        ArgumentNullException.ThrowIfNull(validation);
        ArgumentNullException.ThrowIfNull(run);
        if (Find(runFolder) is FoldResult before)
        {
            if (!before.IsOf(recipe, train, validation))
            {
                throw UserError.Mark(new InvalidOperationException(
                    $"{Path.Combine(runFolder, FileName)}: is of another recipe or of other clips; it can be resumed with the same ones "
                    + "only."));
            }

            if (before.EpochLimit >= epochLimit)
            {
                return before;
            }
        }

        FoldResult result = Of(run(new RunFolder(runFolder).IsBegun), epochLimit);
        result.Write(runFolder);
        return result;
    }

    private bool IsOf(Recipe recipe, FeatureSource train, FeatureSource validation) =>
        RecipeSha256 == HashOf(recipe)
        && (TrainingClips, ValidationClips) == (train.Count, validation.Count)
        && People.Select(person => person.Identity).All(
            validation.Clips.Select(clip => clip.Identity).ToHashSet(StringComparer.Ordinal).Contains);

    private static FoldResult Of(TrainingResult result, int epochLimit)
    {
        int smoothed = Math.Max(FewestSmoothedEpochs, result.Recipe.Training.SelectionSmoothingEpochs);
        return new FoldResult
        {
            RecipeSha256 = HashOf(result.Recipe),
            EpochLimit = epochLimit,
            Epochs = result.Log.Count,
            BestEpoch = result.BestEpoch,
            TrainingClips = result.TrainingClips,
            ValidationClips = result.ValidationClips,
            ValidationIdentities = result.ValidationIdentities,
            Collapse = result.Collapse,
            SmoothedIdentityAuc =
                result.Log.Take(result.BestEpoch).TakeLast(smoothed).Average(line => line.ValidationIdentityAuc),
            Auc = result.Scores.Auc,
            IdentityAuc = result.Scores.IdentityAuc,
            SameGenderAuc = result.Scores.SameGenderAuc,
            People = result.Scores.People,
        };
    }

    private static FoldResult? Find(string runFolder)
    {
        string path = Path.Combine(runFolder, FileName);
        return File.Exists(path)
            ? JsonRecord.Read(JsonFile.Read(path, FileSchema.FoldResult), null!, FoldJson.Default.FoldResult, "schema")
            : null;
    }

    private void Write(string runFolder)
    {
        JsonObject json = JsonRecord.Write(this, null, FoldJson.Default.FoldResult);
        json.Insert(0, "schema", FileSchema.Id(FileSchema.FoldResult));
        JsonFile.Write(Path.Combine(runFolder, FileName), FileSchema.FoldResult, json);
    }

    private static string HashOf(Recipe recipe) =>
        RecipeHash.Compute(recipe with { Statistics = null, Training = recipe.Training with { StartSha256 = "" } });
}

/// <summary>How results of folds spell their records: in snake_case.</summary>
[JsonSourceGenerationOptions(
    GenerationMode = JsonSourceGenerationMode.Metadata,
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(FoldResult))]
[JsonSerializable(typeof(FoldSummary))]
internal sealed partial class FoldJson : JsonSerializerContext;
