namespace CrossModalVae.Training;

/// <summary>One line of a run's <c>log.jsonl</c>: the curves of the report's Figure 2 and what is needed to judge them.</summary>
public sealed record EpochLog
{
    /// <summary>One-based.</summary>
    public required int Epoch { get; init; }

    /// <summary>The epochs asked for.</summary>
    public required int Epochs { get; init; }

    /// <summary>Weight of the KL term in this epoch.</summary>
    public required double Beta { get; init; }

    /// <summary>Adam's learning rate in this epoch.</summary>
    public required double LearningRate { get; init; }

    /// <summary>The terms over the training batches, as they were minimised (dropout on).</summary>
    public required LossTerms Train { get; init; }

    /// <summary>The terms over the validation clips after the epoch (dropout off, the same noise every epoch).</summary>
    public required LossTerms Validation { get; init; }

    /// <summary>
    /// Voice-face verification AUC on the validation identities, chance 0.5; null where they cannot form a trial of each kind.
    /// </summary>
    public required double? ValidationAuc { get; init; }

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
}
