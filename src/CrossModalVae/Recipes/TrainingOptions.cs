namespace CrossModalVae.Recipes;

/// <summary>The validation metric that selects the best epoch.</summary>
public enum SelectionCriterion
{
    /// <summary>Lowest total loss.</summary>
    ValidationLoss,

    /// <summary>Highest voice-face verification AUC, mean of both directions.</summary>
    ValidationAuc,
}

/// <summary>How a batch is drawn.</summary>
public enum PairSampling
{
    /// <summary>Every clip once an epoch, its own voice with its own face (the report).</summary>
    Clips,

    /// <summary>Identities once a pass, at most one pair each in a batch, voice and face drawn from any of the identity's clips.</summary>
    Identities,
}

/// <summary>The optimisation of a recipe. Defaults are the report's.</summary>
public sealed record TrainingOptions
{
    /// <summary>Epochs. Default 8.</summary>
    public int Epochs { get; init; } = 8;

    /// <summary>Passes over the training split in an epoch (one log line, validation and checkpoint each). Default 1.</summary>
    public int PassesPerEpoch { get; init; } = 1;

    /// <summary>Pairs in a mini-batch. Default 64.</summary>
    public int BatchSize { get; init; } = 64;

    /// <summary>Adam's learning rate. Default 1e-3.</summary>
    public double LearningRate { get; init; } = 1e-3;

    /// <summary>Adam's L2 penalty. Default 0.</summary>
    public double WeightDecay { get; init; }

    /// <summary>Largest norm of the whole gradient; 0 turns clipping off. Default 5.</summary>
    public double GradientClipNorm { get; init; } = 5.0;

    /// <summary>Seed of everything random in training. Default 1.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>Share of training identities held out for validation where the manifest has no validation split. Default 0.1.</summary>
    public double ValidationShare { get; init; } = 0.1;

    /// <summary>The criterion that selects the best epoch. Default the validation loss.</summary>
    public SelectionCriterion Selection { get; init; } = SelectionCriterion.ValidationLoss;

    /// <summary>How a batch is drawn. Default every clip once.</summary>
    public PairSampling Sampling { get; init; } = PairSampling.Clips;

    /// <summary>Reports every fault of these options at once.</summary>
    /// <exception cref="ArgumentException">A value is out of range; the message lists all faults.</exception>
    public void Validate()
    {
        var faults = new OptionFaults();
        faults.AtLeast(Epochs, 1);
        faults.AtLeast(PassesPerEpoch, 1);
        faults.AtLeast(BatchSize, 1);
        faults.Above(LearningRate, 0);
        faults.AtLeast(WeightDecay, 0);
        faults.AtLeast(GradientClipNorm, 0);
        faults.AtLeastAndBelow(ValidationShare, 0, 1);
        faults.OneOf(Selection);
        faults.OneOf(Sampling);
        faults.ThrowIfAny();
    }
}
