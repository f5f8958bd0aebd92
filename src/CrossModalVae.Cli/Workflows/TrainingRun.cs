using CrossModalVae.Cli.Terminal;
using CrossModalVae.Training;

namespace CrossModalVae.Cli.Workflows;

/// <summary>Trains a recipe, shows a line for every epoch, and draws the curves of its log into the run folder.</summary>
internal static class TrainingRun
{
    internal static TrainingResult Run(
        Recipe recipe,
        FeatureTable train,
        FeatureTable validation,
        string runFolder,
        TrainerOptions options,
        TextWriter error,
        CancellationToken cancellationToken)
    {
        error.WriteLine(
            $"training '{recipe.Name}' on {DeviceChoice.Resolve(options.Device).Description}: {train.Count} clips of {Identities(train)} "
            + $"identities, validated on {validation.Count} of {Identities(validation)}");
        using ProgressBar bar = ProgressBar.Start("epochs", options.Epochs ?? recipe.Training.Epochs, error);
        TrainingResult result = new Trainer(recipe, options).Run(train, validation, runFolder, new EpochLines(bar), cancellationToken);
        ResultPictures.WriteLosses(new RunFolder(runFolder));
        return result;
    }

    private static int Identities(FeatureTable table) =>
        table.Clips.Select(clip => clip.Identity).Distinct(StringComparer.Ordinal).Count();

    private sealed class EpochLines(ProgressBar bar) : IProgress<EpochLog>
    {
        public void Report(EpochLog value)
        {
            string auc = value.ValidationAuc is double score ? Invariant($", AUC {score:0.000}") : "";
            bar.Line(
                value.Epoch,
                Invariant($"epoch {value.Epoch}/{value.Epochs}: loss {value.Train.TotalLoss:0.0000}, ")
                + Invariant($"validation {value.Validation.TotalLoss:0.0000}{auc}{(value.Best ? " (best)" : "")}, ")
                + Invariant($"{value.StepsPerSecond:0.0} steps/s"));
        }
    }
}
