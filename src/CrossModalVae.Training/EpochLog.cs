using System.Text.Json.Serialization;

namespace CrossModalVae.Training;

/// <summary>
/// One line of a run's <c>log.jsonl</c>, its fields in this order: the curves of the report's Figure 2 and what is needed to judge them.
/// </summary>
public sealed record EpochLog
{
    /// <summary>Whether it is of the stage before training; in what is reported, not in the log, which each stage has for itself.</summary>
    [JsonIgnore]
    public bool IsPretraining { get; init; }

    /// <summary>One-based.</summary>
    public required int Epoch { get; init; }

    /// <summary>The epochs asked for.</summary>
    public required int Epochs { get; init; }

    /// <summary>Weight of the KL term in this epoch.</summary>
    public required double Beta { get; init; }

    /// <summary>The learning rate of the epoch's last step.</summary>
    public required double LearningRate { get; init; }

    /// <summary>The terms over the training batches, as they were minimised (dropout on).</summary>
    public required LossTerms Train { get; init; }

    /// <summary>The terms over the validation clips after the epoch (dropout off, the same noise every epoch).</summary>
    public required LossTerms Validation { get; init; }

    /// <summary>
    /// Voice-face verification AUC on the validation identities, chance 0.5; null where they have no target or no non-target trial.
    /// </summary>
    public double? ValidationAuc { get; init; }

    /// <summary>
    /// Lower end of the 95 % interval of <see cref="ValidationAuc"/>, a bootstrap over the validation identities; computed for epochs that
    /// are the best so far, null for the others and in logs of older versions.
    /// </summary>
    public double? ValidationAucLow { get; init; }

    /// <summary>Upper end of that interval.</summary>
    public double? ValidationAucHigh { get; init; }

    /// <summary>
    /// <see cref="ValidationAuc"/> macro-averaged over the validation identities; null where that is, and in logs of older versions.
    /// </summary>
    [JsonPropertyOrder(1)]
    public double? ValidationIdentityAuc { get; init; }

    /// <summary>
    /// The AUC that the selection goes by where it is not <see cref="ValidationAuc"/>: by identity, or smoothed over epochs; else null.
    /// </summary>
    [JsonPropertyOrder(1)]
    public double? SelectionScore { get; init; }

    /// <summary>Which encoders' posteriors are collapsed after the epoch; null in logs of older versions.</summary>
    public PosteriorCollapse? Collapse { get; init; }

    /// <summary>Validation loss with the full beta of the recipe, comparable between epochs of a warm-up.</summary>
    public required double SelectionLoss { get; init; }

    /// <summary>Whether this is the best epoch so far by the recipe's criterion.</summary>
    public required bool Best { get; init; }

    /// <summary>Mean norm of the whole gradient before clipping.</summary>
    public required double GradientNorm { get; init; }

    /// <summary>Optimiser steps in this epoch.</summary>
    public required int Steps { get; init; }

    /// <summary>Seconds of the training steps; not reproducible.</summary>
    public required double Seconds { get; init; }

    /// <summary>Steps over seconds; not reproducible.</summary>
    public required double StepsPerSecond { get; init; }

    /// <summary>
    /// Rows of the batches, a pair or a clip that lacks one modality each, over seconds; not reproducible. Null for a closed form, and in
    /// logs of older versions.
    /// </summary>
    [JsonPropertyOrder(1)]
    public double? PairsPerSecond { get; init; }
}

/// <summary>Reads and writes a run's <c>log.jsonl</c>, one <see cref="EpochLog"/> a line.</summary>
public static class RunLog
{
    /// <summary>Reads a log.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidDataException">A line is not an epoch's; the message names file, line and field.</exception>
    public static IReadOnlyList<EpochLog> Read(string path) =>
        [.. JsonFile.ReadLines(path, FileSchema.RunLogLine).Select(line => JsonRecord.Read(line, null!, EpochLogJson.Default.EpochLog))];

    // The whole log is rewritten each epoch: it is small, and no reader ever sees half a line.
    internal static void Write(string path, IEnumerable<EpochLog> log) =>
        JsonFile.WriteLines(path, FileSchema.RunLogLine, log.Select(line => JsonRecord.Write(line, null, EpochLogJson.Default.EpochLog)));
}

/// <summary>How the log spells its records: in snake_case, or as a member says.</summary>
[JsonSourceGenerationOptions(
    GenerationMode = JsonSourceGenerationMode.Metadata,
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(EpochLog))]
internal sealed partial class EpochLogJson : JsonSerializerContext;
