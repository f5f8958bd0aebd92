namespace CrossModalVae.Training;

/// <summary>What a run decides beside the recipe.</summary>
public sealed record TrainerOptions
{
    /// <summary>auto, cpu or cuda:N. Default auto.</summary>
    public string Device { get; init; } = "auto";

    /// <summary>Overrides the recipe's seed; null keeps it. The recipe as used carries what was used.</summary>
    public long? Seed { get; init; }

    /// <summary>Overrides the recipe's epochs; null keeps them. A finished run resumed with more epochs trains on.</summary>
    public int? Epochs { get; init; }

    /// <summary>CPU threads of the engine; null means one per processor. The engine's setting is the process's: set it once.</summary>
    public int? Threads { get; init; }

    /// <summary>Goes on from the last finished epoch of the run folder, to the same numbers as an undisturbed run. Default false.</summary>
    public bool Resume { get; init; }

    /// <summary>
    /// Whether posteriors without information stop the run at its end (<see cref="CollapsedPosteriorException"/>; log and weights stay).
    /// Default true; false to measure a collapsed model on purpose.
    /// </summary>
    public bool StopOnCollapse { get; init; } = true;
}
