using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace CrossModalVae.Recipes;

/// <summary>The validation metric that selects the best epoch.</summary>
public enum SelectionCriterion
{
    /// <summary>Lowest total loss.</summary>
    ValidationLoss,

    /// <summary>Highest voice-face verification AUC, mean of both directions.</summary>
    ValidationAuc,

    /// <summary>
    /// The same, macro-averaged over the validation identities, so that people with many clips weigh no more than others.
    /// </summary>
    ValidationIdentityAuc,

    /// <summary>None: the last epoch, whatever it reaches.</summary>
    LastEpoch,
}

/// <summary>The optimiser.</summary>
public enum Optimiser
{
    /// <summary>Adam (Kingma, Ba 2015); weight decay is an L2 penalty in the gradient.</summary>
    Adam,

    /// <summary>
    /// AdamW (Loshchilov, Hutter 2019): decay apart from the gradient, none on biases and on the weights of normalisation layers.
    /// </summary>
    AdamW,
}

/// <summary>How the learning rate changes over the steps of a run.</summary>
public enum LearningRateSchedule
{
    /// <summary>It does not, after warm-up.</summary>
    Constant,

    /// <summary>Half a cosine from the learning rate to <see cref="TrainingOptions.FinalRateShare"/> of it.</summary>
    Cosine,

    /// <summary>Up from 1/25 of the learning rate over the warm-up, then down to 1/250,000 of it, by cosines.</summary>
    OneCycle,
}

/// <summary>The numbers that a training step multiplies.</summary>
[SuppressMessage("Naming", "CA1720:Identifier contains type name",
    Justification = "A number's width is what this names, in PyTorch's words.")]
public enum TrainingPrecision
{
    /// <summary>float32.</summary>
    Float32,

    /// <summary>
    /// Products of layers and convolutions in bfloat16, weights, normalisation, pooling, heads, losses and validation in float32, as
    /// PyTorch's autocast: twice as fast and more on GPUs with tensor cores, slower on most CPUs.
    /// </summary>
    Bfloat16,
}

/// <summary>How a batch is drawn.</summary>
public enum PairSampling
{
    /// <summary>Every clip once an epoch, its own voice with its own face (the report).</summary>
    Clips,

    /// <summary>Identities once a pass, at most one pair each in a batch, voice and face drawn from any of the identity's clips.</summary>
    Identities,

    /// <summary>
    /// Identities once a pass, each with up to <see cref="TrainingOptions.ClipsPerIdentity"/> of its clips in one batch, so that all of
    /// them weigh the same.
    /// </summary>
    IdentitiesAndClips,
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

    /// <summary>The optimiser. Default Adam.</summary>
    [JsonPropertyOrder(1)]
    public Optimiser Optimiser { get; init; } = Optimiser.Adam;

    /// <summary>How the learning rate changes. Default it does not.</summary>
    [JsonPropertyOrder(1)]
    public LearningRateSchedule Schedule { get; init; } = LearningRateSchedule.Constant;

    /// <summary>Share of all steps over which the learning rate grows, 0 to below 1; above 0 for one cycle. Default 0.</summary>
    [JsonPropertyOrder(1)]
    public double WarmUpShare { get; init; }

    /// <summary>Where the cosine ends, as a share of the learning rate, 0 to 1. Default 0.</summary>
    [JsonPropertyOrder(1)]
    public double FinalRateShare { get; init; }

    /// <summary>
    /// Decay of the moving average of the weights that is validated, kept and exported in place of the weights, 0 to below 1; 0 turns it
    /// off. Default 0.
    /// </summary>
    [JsonPropertyOrder(1)]
    public double AverageDecay { get; init; }

    /// <summary>Batches whose gradients are averaged for one step of the optimiser. Default 1.</summary>
    [JsonPropertyOrder(1)]
    public int AccumulationSteps { get; init; } = 1;

    /// <summary>The numbers that a step multiplies. Default float32.</summary>
    [JsonPropertyOrder(1)]
    public TrainingPrecision Precision { get; init; } = TrainingPrecision.Float32;

    /// <summary>Clips of an identity in a batch, with sampling by identities and clips. Default 2.</summary>
    [JsonPropertyOrder(1)]
    public int ClipsPerIdentity { get; init; } = 2;

    /// <summary>
    /// Share of a batch's identities that are drawn from one gender, 0 to 1, with sampling by identities; the others are drawn from all.
    /// Needs genders in the manifest. Default 0.
    /// </summary>
    [JsonPropertyOrder(1)]
    public double SameGenderShare { get; init; }

    /// <summary>Epochs over whose mean AUC the selection goes, at least 1. Default 1.</summary>
    [JsonPropertyOrder(1)]
    public int SelectionSmoothingEpochs { get; init; } = 1;

    /// <summary>Epochs without a better one after which training stops; 0 trains all. Default 0.</summary>
    [JsonPropertyOrder(1)]
    public int PatienceEpochs { get; init; }

    /// <summary>
    /// Learning rate of the encoders' towers and hidden layers as a share of the others', above 0 and at most 1, where training starts from
    /// trained encoders. Default 1.
    /// </summary>
    [JsonPropertyOrder(1)]
    public double EncoderRateShare { get; init; } = 1.0;

    /// <summary>
    /// First epochs in which the encoders' towers and hidden layers stay as they are, where training starts from trained encoders. Default
    /// 0.
    /// </summary>
    [JsonPropertyOrder(1)]
    public int FrozenEpochs { get; init; }

    /// <summary>The stage before training; null for none.</summary>
    [JsonPropertyOrder(1)]
    public PretrainingOptions? Pretraining { get; init; }

    /// <summary>
    /// SHA-256 of the weights that training starts from, filled in by training; empty where it starts from random ones. Default empty.
    /// </summary>
    [JsonPropertyOrder(1)]
    public string StartSha256 { get; init; } = "";

    /// <summary>Whether the selection compares AUCs.</summary>
    internal bool SelectsByAuc => Selection is SelectionCriterion.ValidationAuc or SelectionCriterion.ValidationIdentityAuc;

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
        faults.OneOf(Optimiser);
        faults.OneOf(Schedule);
        faults.OneOf(Precision);
        faults.AtLeastAndBelow(WarmUpShare, 0, 1);
        faults.Within(FinalRateShare, 0, 1);
        faults.AtLeastAndBelow(AverageDecay, 0, 1);
        faults.AtLeast(AccumulationSteps, 1);
        faults.AtLeast(ClipsPerIdentity, 1);
        faults.Probability(SameGenderShare);
        faults.AtLeast(SelectionSmoothingEpochs, 1);
        faults.AtLeast(PatienceEpochs, 0);
        faults.AboveAndAtMost(EncoderRateShare, 0, 1);
        faults.AtLeast(FrozenEpochs, 0);
        if (Pretraining is not null)
        {
            faults.Nested("'Pretraining'", Pretraining.Validate);
        }

        if (Schedule == LearningRateSchedule.OneCycle && WarmUpShare == 0)
        {
            faults.Add("'Schedule' is OneCycle and 'WarmUpShare' 0; the cycle needs a share above 0 (0.3 is usual).");
        }

        if (Sampling == PairSampling.IdentitiesAndClips && ClipsPerIdentity * 2L > BatchSize)
        {
            faults.Add($"'ClipsPerIdentity' is {ClipsPerIdentity} and 'BatchSize' {BatchSize}; a batch must hold two identities.");
        }

        if (SameGenderShare > 0 && Sampling == PairSampling.Clips)
        {
            faults.Add("'SameGenderShare' is above 0 and 'Sampling' Clips; it needs sampling by identities.");
        }

        if (SelectionSmoothingEpochs > 1 && !SelectsByAuc)
        {
            faults.Add($"'SelectionSmoothingEpochs' is above 1 and 'Selection' {Selection}; only an AUC is smoothed.");
        }

        faults.ThrowIfAny();
    }
}
