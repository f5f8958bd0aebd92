namespace CrossModalVae.Training;

/// <summary>What is decided per run and not by the recipe.</summary>
public sealed record TrainerOptions
{
    /// <summary>auto, cpu or cuda:N. Default auto.</summary>
    public string Device { get; init; } = "auto";

    /// <summary>Overrides the recipe's seed; null keeps it. The recipe as used carries what was used.</summary>
    public long? Seed { get; init; }

    /// <summary>Overrides the recipe's epochs; null keeps them. A finished run resumed with more epochs trains on.</summary>
    public int? Epochs { get; init; }

    /// <summary>
    /// Ends the run after this epoch, if not earlier, with the learning rates of all epochs as the recipe has them: resumed without it, the
    /// run goes on to the same numbers as one that was never stopped. Null trains all.
    /// </summary>
    public int? StopAfterEpoch { get; init; }

    /// <summary>
    /// The folder of a finished run whose encoders training starts from, with their feature statistics; they must have the recipe's
    /// architecture and front ends. Its decoder is taken too where it has the same shapes. Null starts from random weights, or from the
    /// recipe's own pre-training.
    /// </summary>
    public string? StartFrom { get; init; }

    /// <summary>
    /// In place of a run, encoders of an exported model or an imported network (<c>ExportedEncoders.Read</c> of CrossModalVae.Onnx).
    /// Batch normalisation, which graphs have folded, is recovered: its statistics are measured on training clips, and scale and shift
    /// undo them, so that the encoders begin as they are. Null for none.
    /// </summary>
    public StartingEncoders? StartEncoders { get; init; }

    /// <summary>
    /// Clips beside the training split that the recipe's pre-training learns from; each may lack a modality. None of their people may be
    /// validated on. Null for none.
    /// </summary>
    public FeatureSource? PretrainingCorpus { get; init; }

    /// <summary>CPU threads of libtorch; null means one per processor. The setting holds for the whole process.</summary>
    public int? Threads { get; init; }

    /// <summary>Continues from the run folder's last finished epoch, to the same numbers as an uninterrupted run. Default false.</summary>
    public bool Resume { get; init; }

    /// <summary>
    /// Whether collapsed posteriors of the kept epoch end the run, once all of it is written, with a
    /// <see cref="CollapsedPosteriorException"/>. Default true; false to look at <see cref="TrainingResult.Collapse"/> instead.
    /// </summary>
    public bool StopOnCollapse { get; init; } = true;
}
