using CrossModalVae.Cli.Terminal;
using CrossModalVae.Models;
using CrossModalVae.Training;

namespace CrossModalVae.Cli.Workflows;

/// <summary>Trains a recipe, shows a line for every epoch, and draws the curves of its log into the run folder.</summary>
internal static class TrainingRun
{
    internal static TrainingResult Run(
        Recipe recipe,
        FeatureSource train,
        FeatureSource validation,
        string runFolder,
        TrainerOptions options,
        TextWriter error,
        CancellationToken cancellationToken)
    {
        error.WriteLine(
            $"training '{recipe.Name}' on {DeviceChoice.Resolve(options.Device).Description}: {Counted.Of(train.Count, "clip")} of "
            + $"{Counted.Of(Identities(train), "identity")}, validated on {validation.Count} of {Identities(validation)}");
        string?[] warnings = options.StopOnCollapse
            ? [TrainingNotes.OfTraining(train.Count), TrainingNotes.OfValidation(Identities(validation))]
            : [];
        foreach (string warning in warnings.OfType<string>())
        {
            error.WriteLine($"warning: {warning}");
        }

        TrainingResult result;
        using (ProgressBar bar = ProgressBar.Start("epochs", options.Epochs ?? recipe.Training.Epochs, error))
        {
            PosteriorCollapse before = PosteriorCollapse.None;
            bool wasActive = false;
            var lines = new Relay<EpochLog>(log =>
            {
                if (log.IsPretraining)
                {
                    bar.Line(0, $"pretraining {Line(log)}");
                    return;
                }

                bar.Line(log.Epoch, Line(log));
                PosteriorCollapse now = log.Collapse ?? PosteriorCollapse.None;
                if (now != before)
                {
                    string kind = options.StopOnCollapse && now != PosteriorCollapse.None ? "warning" : "note";
                    bar.Line(log.Epoch, $"{kind}: epoch {log.Epoch}: {Change(before, now, wasActive)}");
                }

                before = now;
                wasActive |= now == PosteriorCollapse.None;
            });
            result = new Trainer(recipe, options with { StopOnCollapse = false })
                .Run(train, validation, runFolder, lines, cancellationToken);
        }

        ResultPictures.WriteLosses(new RunFolder(runFolder));
        if (options.StopOnCollapse)
        {
            foreach (string note in result.Notes.Skip(result.CollapseMessage is null ? 0 : 1)) // that one ends the run
            {
                error.WriteLine($"note: {note}");
            }

            if (result.CollapseMessage is string message)
            {
                throw new CollapsedPosteriorException($"{runFolder}: {message}");
            }
        }

        return result;
    }

    // ", identity 3.21 (-)": a term in training, in brackets on the validation clips, which may lack what it needs.
    private static string Terms(EpochLog log) => string.Concat((log.Train.Terms ?? new Dictionary<string, double?>()).Select(term =>
        $", {term.Key} {Shown(term.Value)} ({Shown(log.Validation.Terms?.GetValueOrDefault(term.Key))})"));

    private static string Shown(double? value) => value is double number ? Invariant($"{number:0.000}") : "-";

    private static string Change(PosteriorCollapse before, PosteriorCollapse now, bool wasActive) => now == PosteriorCollapse.None
        ? $"no longer collapsed ({EnumText.Of(before)} before)"
        : $"{now.Sentence()}: no latent dimension tells the validation clips apart"
            + (wasActive ? "" : " (or not yet: where an epoch has few steps, this passes)");

    private static int Identities(FeatureSource table) =>
        table.Clips.Select(clip => clip.Identity).Distinct(StringComparer.Ordinal).Count();

    /// <summary>" [low, high]", the 95 % interval of an epoch's validation AUC; empty where it was not computed.</summary>
    internal static string Interval(EpochLog log) => log.ValidationAucLow is double low && log.ValidationAucHigh is double high
        ? Invariant($" [{low:0.000}, {high:0.000}]")
        : "";

    private static string Line(EpochLog log)
    {
        string auc = log.ValidationAuc is double score ? Invariant($", AUC {score:0.000}{Interval(log)}") : "";
        auc += log.ValidationIdentityAuc is double macro ? Invariant($", by identity {macro:0.000}") : "";
        string losses = Invariant($"loss {log.Train.TotalLoss:0.0000}, validation {log.Validation.TotalLoss:0.0000}{Terms(log)}{auc}");
        string state = $"{(log.Best ? " (best)" : "")}{(log.Collapse is null or PosteriorCollapse.None ? "" : ", collapsed")}";
        string pairs = log.PairsPerSecond is double rate ? Invariant($", {rate:0} pairs/s") : "";
        return Invariant($"epoch {log.Epoch}/{log.Epochs}: {losses}{state}, {log.StepsPerSecond:0.0} steps/s{pairs}");
    }
}
