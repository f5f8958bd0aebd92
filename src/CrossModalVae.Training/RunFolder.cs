namespace CrossModalVae.Training;

/// <summary>The files of a run and their names (DESIGN 3).</summary>
/// <param name="path">The folder.</param>
public sealed class RunFolder(string path)
{
    /// <summary>The folder.</summary>
    public string FolderPath { get; } = Path.GetFullPath(path);

    /// <summary>The recipe as used, statistics included.</summary>
    public string RecipePath => Path.Combine(FolderPath, "recipe.json");

    /// <summary>One <see cref="EpochLog"/> a line.</summary>
    public string LogPath => Path.Combine(FolderPath, "log.jsonl");

    /// <summary>The weights of the best epoch so far, safetensors.</summary>
    public string WeightsPath => Path.Combine(FolderPath, "weights.safetensors");

    /// <summary>What a finished run reached; absent until training has finished.</summary>
    public string MetricsPath => Path.Combine(FolderPath, "metrics.json");

    /// <summary>The last finished epoch: weights, optimiser and state.</summary>
    public string CheckpointPath => Path.Combine(FolderPath, "checkpoint");

    /// <summary>The run of the stage before training; absent without one.</summary>
    public string PretrainingPath => Path.Combine(FolderPath, "pretraining");

    /// <summary>Whether training has finished.</summary>
    public bool IsFinished => File.Exists(MetricsPath);

    internal bool HasCheckpoint => AtomicFolder.Recover(CheckpointPath);

    internal bool IsUsed => HasCheckpoint || File.Exists(LogPath) || File.Exists(RecipePath);

    /// <summary>Whether anything of a run is here, the stage before training included.</summary>
    internal bool IsBegun => IsUsed || Directory.Exists(PretrainingPath);

    /// <summary>
    /// Refuses a folder that holds no run, or a run whose finished epochs have no checkpoint. A run that was stopped in its first epoch
    /// has none either; resuming starts it again. Its log may have one line, which is written before the epoch's checkpoint.
    /// </summary>
    /// <exception cref="InvalidOperationException">There is nothing to resume.</exception>
    internal void RequireResumable()
    {
        if (HasCheckpoint)
        {
            return;
        }

        if (!File.Exists(RecipePath))
        {
            throw UserError.Mark(new InvalidOperationException($"{FolderPath}: no epoch has been finished; nothing to resume."));
        }

        if (IsFinished || (File.Exists(LogPath) && File.ReadLines(LogPath).Skip(1).Any()))
        {
            throw UserError.Mark(new InvalidOperationException(
                $"{CheckpointPath}: is missing although epochs have been finished; nothing to resume."));
        }
    }

    /// <summary>The recipe as used, with the training statistics.</summary>
    /// <exception cref="InvalidDataException">The recipe is not one that has been used.</exception>
    internal Recipe ReadRecipe()
    {
        Recipe recipe = RecipeReader.Read(RecipePath);
        return recipe.Statistics is null
            ? throw new InvalidDataException($"{RecipePath}: no 'statistics'; expected the recipe of a run, which training fills in.")
            : recipe;
    }
}
