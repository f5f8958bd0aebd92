namespace CrossModalVae.Training;

/// <summary>What a finished run says about itself in <c>metrics.json</c>, as far as others build on it.</summary>
/// <param name="BestEpoch">The epoch whose weights were kept, one-based.</param>
/// <param name="ValidationAuc">Voice-face verification AUC on the validation identities, chance 0.5; null where it was not defined.</param>
/// <param name="TrainingIdentities">People in the training split.</param>
/// <param name="TrainingClips">Clips in the training split.</param>
public sealed record RunSummary(int BestEpoch, double? ValidationAuc, int TrainingIdentities, int TrainingClips)
{
    /// <summary>Reads a run's <c>metrics.json</c>.</summary>
    /// <param name="path">The file, <see cref="RunFolder.MetricsPath"/>.</param>
    /// <exception cref="FileNotFoundException">There is no such file: the run has not finished.</exception>
    /// <exception cref="InvalidDataException">The file does not follow its schema.</exception>
    public static RunSummary Read(string path)
    {
        StrictJson json = JsonFile.Read(path, FileSchema.RunMetrics);
        return new RunSummary(
            json["best_epoch"].AsInt32(),
            json.Find("validation_auc")?.AsDouble(),
            json["training_identities"].AsInt32(),
            json["training_clips"].AsInt32());
    }
}
