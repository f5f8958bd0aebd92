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
            $"training '{recipe.Name}' on {DeviceChoice.Resolve(options.Device).Description}: {Counted.Of(train.Count, "clip")} of "
            + $"{Counted.Of(Identities(train), "identity")}, validated on {validation.Count} of {Identities(validation)}");
        using ProgressBar bar = ProgressBar.Start("epochs", options.Epochs ?? recipe.Training.Epochs, error);
        var lines = new Relay<EpochLog>(log => bar.Line(log.Epoch, Line(log)));
        TrainingResult result = new Trainer(recipe, options).Run(train, validation, runFolder, lines, cancellationToken);
        ResultPictures.WriteLosses(new RunFolder(runFolder));
        return result;
    }

    private static int Identities(FeatureTable table) =>
        table.Clips.Select(clip => clip.Identity).Distinct(StringComparer.Ordinal).Count();

    private static string Line(EpochLog log)
    {
        string auc = log.ValidationAuc is double score ? Invariant($", AUC {score:0.000}") : "";
        string losses = Invariant($"loss {log.Train.TotalLoss:0.0000}, validation {log.Validation.TotalLoss:0.0000}{auc}");
        return Invariant($"epoch {log.Epoch}/{log.Epochs}: {losses}{(log.Best ? " (best)" : "")}, {log.StepsPerSecond:0.0} steps/s");
    }
}
