using CrossModalVae.Audio;
using CrossModalVae.Augmentation;
using CrossModalVae.Clusters;
using CrossModalVae.Encoders;
using CrossModalVae.Faces;
using CrossModalVae.Retrieval;

namespace CrossModalVae.Recipes;

/// <summary>
/// Every option of every step, from the front ends to the ranking. One recipe trains and later scores, so that the two cannot differ.
/// </summary>
public sealed record Recipe
{
    /// <summary>A short name, shown in tables.</summary>
    public required string Name { get; init; }

    /// <summary>One or two sentences for a reader; may be empty.</summary>
    public string Description { get; init; } = "";

    /// <summary>Wav to voice features.</summary>
    public VoiceOptions Voice { get; init; } = new();

    /// <summary>Jpg frames to face features.</summary>
    public FaceOptions Face { get; init; } = new();

    /// <summary>The architecture.</summary>
    public ModelOptions Model { get; init; } = new();

    /// <summary>The training objective.</summary>
    public ObjectiveOptions Objective { get; init; } = new();

    /// <summary>The optimisation.</summary>
    public TrainingOptions Training { get; init; } = new();

    /// <summary>Augmented views of the training clips in addition to the clips; null for none.</summary>
    public AugmentationOptions? Augmentation { get; init; }

    /// <summary>Augmentation drawn anew in every training step, for encoders with towers; null for none.</summary>
    public FreshAugmentationOptions? FreshAugmentation { get; init; }

    /// <summary>How clips are scored.</summary>
    public ScoringOptions Scoring { get; init; } = new();

    /// <summary>How embeddings are clustered.</summary>
    public ClusteringOptions Clustering { get; init; } = new();

    /// <summary>How galleries are ranked.</summary>
    public RankingOptions Ranking { get; init; } = new();

    /// <summary>Filled in by training; null in a recipe that has not been used.</summary>
    public RecipeStatistics? Statistics { get; init; }

    /// <summary>Reports every fault of every section at once.</summary>
    /// <exception cref="ArgumentException">A value is out of range or values contradict each other; the message lists all
    /// faults.</exception>
    public void Validate()
    {
        var faults = new List<string>();
        Check(faults, "voice", Voice.Validate);
        Check(faults, "face", Face.Validate);
        Check(faults, "model", Model.Validate);
        Check(faults, "objective", Objective.Validate);
        Check(faults, "training", Training.Validate);
        Check(faults, "augmentation", () => Augmentation?.Validate());
        Check(faults, "fresh_augmentation", () => FreshAugmentation?.Validate());
        Check(faults, "scoring", Scoring.Validate);
        Check(faults, "clustering", Clustering.Validate);
        Check(faults, "ranking", Ranking.Validate);
        if (Model.VoiceTower is not null && Voice.Pooling != TimePooling.None)
        {
            faults.Add($"'Model.VoiceTower' takes frames, but 'Voice.Pooling' is {Voice.Pooling}; must be {TimePooling.None}.");
        }

        if ((Model.VoiceTower is not null && Voice.Encoder is not null) || (Model.FaceTower is not null && Face.Encoder is not null))
        {
            faults.Add("'Model' has a tower for a modality whose front end has an encoder; a vector needs none: leave one of them out.");
        }

        if (Model.VoiceTower is not null && Voice.Encoder is not null)
        {
            faults.Add("'Model.VoiceTower' takes frames, but 'Voice.Encoder' makes one vector of a clip; must be one of the two.");
        }

        if (Model.FaceTower is not null && Face.Encoder is not null)
        {
            faults.Add("'Model.FaceTower' takes pictures, but 'Face.Encoder' makes one vector of a clip; must be one of the two.");
        }

        if (Model.PrivateDimension > 0 != Objective.HasPrivateParts)
        {
            faults.Add(
                $"'Model.PrivateDimension' is {Model.PrivateDimension} and 'Objective.Bound' {Objective.Bound}; it must be >= 1 with "
                + "MmvaePlus, Dmvae and Conditional, and 0 without.");
        }

        if (FreshAugmentation is not null && Model.VoiceTower is null && Model.FaceTower is null)
        {
            faults.Add("'FreshAugmentation' disturbs what towers see, and there is no tower; give 'Model' one, or leave it out.");
        }

        if (Objective.VoiceLikelihood == LikelihoodKind.Bernoulli
            && (Voice.Normalisation != FeatureNormalisation.None || Voice.Encoder is not null))
        {
            faults.Add(
                "'Objective.VoiceLikelihood' is Bernoulli, which needs features in [0, 1]; 'Voice.Normalisation' must be None, without "
                + "'Voice.Encoder'.");
        }

        if (Objective.FaceLikelihood == LikelihoodKind.Bernoulli
            && (Face.Normalisation != FaceNormalisation.None || Face.Encoder is not null))
        {
            faults.Add(
                "'Objective.FaceLikelihood' is Bernoulli, which needs features in [0, 1]; 'Face.Normalisation' must be None, without "
                + "'Face.Encoder'.");
        }

        if (Voice.Encoder?.Takes == VoiceEncoderInput.Samples
            && Augmentation?.Voice is { SpecAugmentProbability: > 0 } voice
            && voice.TimeMasks + voice.FrequencyMasks > 0)
        {
            faults.Add(
                "Section 'augmentation.voice' masks spectra, and the encoder of 'voice' takes samples; "
                + "its 'SpecAugmentProbability' must be 0.");
        }

        if (Name.Length == 0)
        {
            faults.Add("'Name' is empty; must be a short name.");
        }

        if (Statistics is RecipeStatistics statistics)
        {
            Check(faults, "statistics.voice", () => Check(statistics.Voice));
            Check(faults, "statistics.face", () => Check(statistics.Face));
        }

        OptionFaults.Throw(faults);
    }

    private static void Check(List<string> faults, string section, Action validate)
    {
        try
        {
            validate();
        }
        catch (ArgumentException e) when (UserError.IsMarked(e))
        {
            faults.Add($"Section '{section}': {e.Message}");
        }
    }

    private static void Check(FeatureStatistics statistics)
    {
        var faults = new OptionFaults();
        if (statistics.Mean.Length == 0 || statistics.Mean.Length != statistics.StandardDeviation.Length)
        {
            faults.Add($"'Mean' has {statistics.Mean.Length} and 'StandardDeviation' {statistics.StandardDeviation.Length} numbers; "
                + "must have as many, at least 1.");
        }
        else if (!statistics.Mean.All(float.IsFinite) || !statistics.StandardDeviation.All(value => float.IsFinite(value) && value > 0))
        {
            faults.Add("A mean is not finite or a standard deviation not above 0; every mean must be finite and every deviation above 0.");
        }

        faults.AtLeast(statistics.ClipCount, 1, nameof(statistics.ClipCount));
        faults.ThrowIfAny();
    }
}
