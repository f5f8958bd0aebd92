using CrossModalVae.Numerics;

namespace CrossModalVae.Recipes;

/// <summary>Which validation figure picks the best epoch.</summary>
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

    /// <summary>What picks the best epoch. Default the validation loss.</summary>
    public SelectionCriterion Selection { get; init; } = SelectionCriterion.ValidationLoss;

    /// <summary>How a batch is drawn. Default every clip once.</summary>
    public PairSampling Sampling { get; init; } = PairSampling.Clips;

    /// <summary>Reports every fault of these options at once.</summary>
    /// <exception cref="ArgumentException">A value lies outside its range; the message lists all that do.</exception>
    public void Validate()
    {
        var faults = new List<string>();
        if (Epochs < 1)
        {
            faults.Add(FormattableString.Invariant($"'Epochs' is {Epochs}; must be >= 1."));
        }

        if (PassesPerEpoch < 1)
        {
            faults.Add(FormattableString.Invariant($"'PassesPerEpoch' is {PassesPerEpoch}; must be >= 1."));
        }

        if (BatchSize < 1)
        {
            faults.Add(FormattableString.Invariant($"'BatchSize' is {BatchSize}; must be >= 1."));
        }

        if (!(LearningRate > 0 && double.IsFinite(LearningRate)))
        {
            faults.Add(FormattableString.Invariant($"'LearningRate' is {LearningRate}; must be > 0."));
        }

        if (!(WeightDecay >= 0 && double.IsFinite(WeightDecay)))
        {
            faults.Add(FormattableString.Invariant($"'WeightDecay' is {WeightDecay}; must be >= 0."));
        }

        if (!(GradientClipNorm >= 0 && double.IsFinite(GradientClipNorm)))
        {
            faults.Add(FormattableString.Invariant($"'GradientClipNorm' is {GradientClipNorm}; must be >= 0."));
        }

        if (!(ValidationShare >= 0 && ValidationShare < 1))
        {
            faults.Add(FormattableString.Invariant($"'ValidationShare' is {ValidationShare}; must be >= 0 and < 1."));
        }

        if (!Enum.IsDefined(Selection))
        {
            faults.Add($"'Selection' is {Selection}; must be one of {string.Join(", ", Enum.GetNames<SelectionCriterion>())}.");
        }

        if (!Enum.IsDefined(Sampling))
        {
            faults.Add($"'Sampling' is {Sampling}; must be one of {string.Join(", ", Enum.GetNames<PairSampling>())}.");
        }

        if (faults.Count > 0)
        {
            throw UserError.Mark(new ArgumentException(string.Join(" ", faults)));
        }
    }
}
