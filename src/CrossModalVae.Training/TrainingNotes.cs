namespace CrossModalVae.Training;

/// <summary>
/// What a reader of a run's figures must know: few validation identities, an early best epoch, collapsed posteriors, terms left out.
/// </summary>
public static class TrainingNotes
{
    /// <summary>Fewer validation identities than these give a warning.</summary>
    public const int FewIdentities = 50;

    /// <summary>Fewer training clips than these give a warning.</summary>
    public const int FewClips = 50;

    private const int EarlyEpochs = 3;

    private const string Remedies =
        "a lower 'learning_rate', more 'dropout', a smaller 'latent_dimension', 'augmentation' with more 'views', or all of these, "
        + "as pipelines/real-small.json has them";

    /// <summary>The warning before training; null where there are enough validation identities.</summary>
    /// <param name="validationIdentities">Identities in the validation split.</param>
    public static string? OfValidation(int validationIdentities) => validationIdentities >= FewIdentities ? null
        : $"{validationIdentities} validation {(validationIdentities == 1 ? "identity" : "identities")}, fewer than {FewIdentities}: "
        + "the best epoch is chosen by figures that chance moves by many points; mark more identities as validation, "
        + "or raise 'validation_share'.";

    /// <summary>The warning before training; null where there are enough training clips.</summary>
    /// <param name="trainingClips">Clips in the training split.</param>
    public static string? OfTraining(int trainingClips) => trainingClips >= FewClips ? null
        : $"{trainingClips} training {(trainingClips == 1 ? "clip" : "clips")}, fewer than {FewClips}: "
        + "what is learnt of so few says nothing about other people; mark more clips as train.";

    /// <summary>All notes of a finished run.</summary>
    /// <param name="result">What it reached.</param>
    public static IReadOnlyList<string> Of(TrainingResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        var notes = new List<string>();
        if (result.CollapseMessage is string collapse)
        {
            notes.Add($"{collapse[..1].ToUpperInvariant()}{collapse[1..]}");
        }

        if (result.StartNote.Length > 0)
        {
            notes.Add(result.StartNote);
        }

        notes.AddRange(result.LeftOutTerms.Select(reason => $"An optional term was left out. {reason}"));
        if (result.ValidationIdentities < FewIdentities && result.Best is { ValidationAuc: double auc } best)
        {
            string interval = best.ValidationAucLow is double low && best.ValidationAucHigh is double high
                ? Invariant($" (95 % interval {low:0.00} to {high:0.00})")
                : "";
            notes.Add(
                Invariant($"The validation AUC of {auc:0.00}{interval} is of {result.ValidationIdentities} identities only ")
                + Invariant($"(fewer than {FewIdentities}): the choice of the epoch, and differences between runs, are within chance."));
        }

        if (result.Collapse == PosteriorCollapse.None && result.BestEpoch <= EarlyEpochs && result.Log.Count > EarlyEpochs)
        {
            notes.Add(
                $"The kept epoch is {result.BestEpoch} of {result.Log.Count}, among the first {EarlyEpochs}: what is learnt after it does "
                + $"not carry over to new people (overfitting). What helps: {Remedies}.");
        }

        return notes;
    }
}
