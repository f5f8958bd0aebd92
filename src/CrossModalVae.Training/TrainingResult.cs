using CrossModalVae.Corpora;

namespace CrossModalVae.Training;

/// <summary>What encoders were trained on before a run.</summary>
/// <param name="Identities">How many people.</param>
/// <param name="Clips">How many clips.</param>
/// <param name="DataSha256">SHA-256 of identities, clips and features.</param>
public sealed record PretrainingData(int Identities, int Clips, string DataSha256);

/// <summary>What a finished run reached.</summary>
public sealed record TrainingResult
{
    /// <summary>The recipe as used, statistics included.</summary>
    public required Recipe Recipe { get; init; }

    /// <summary>The epoch whose weights were kept, one-based.</summary>
    public required int BestEpoch { get; init; }

    /// <summary>The log of every epoch, resumed ones included.</summary>
    public required IReadOnlyList<EpochLog> Log { get; init; }

    /// <summary>Mean KL per latent dimension of the voice encoder on the validation clips, in nats; empty without voices.</summary>
    public required IReadOnlyList<double> VoiceKlPerDimension { get; init; }

    /// <summary>Mean KL per latent dimension of the face encoder on the validation clips, in nats; empty without faces.</summary>
    public required IReadOnlyList<double> FaceKlPerDimension { get; init; }

    /// <summary>Which encoders' posteriors have collapsed in the kept epoch, measured on all validation clips.</summary>
    public required PosteriorCollapse Collapse { get; init; }

    /// <summary>One sentence that begins with what has collapsed and ends with what helps; null where nothing has.</summary>
    public string? CollapseMessage { get; init; }

    /// <summary>Voice features that are the same in every training clip.</summary>
    public required int ConstantVoiceFeatureCount { get; init; }

    /// <summary>Face features that are the same in every training clip.</summary>
    public required int ConstantFaceFeatureCount { get; init; }

    /// <summary>Identities in the training split.</summary>
    public required int TrainingIdentities { get; init; }

    /// <summary>Clips in the training split.</summary>
    public required int TrainingClips { get; init; }

    /// <summary>Broken clips that were left out of training and validation.</summary>
    public IReadOnlyList<SkippedClip> Skipped { get; init; } = [];

    /// <summary>Why optional terms of the objective were left out, a sentence each; empty where none was.</summary>
    public IReadOnlyList<string> LeftOutTerms { get; init; } = [];

    /// <summary>Whose weights training started from, in a sentence; empty where there is nothing to say.</summary>
    public string StartNote { get; init; } = "";

    /// <summary>What encoders were first trained on; null without such a stage.</summary>
    public PretrainingData? Pretraining { get; init; }

    /// <summary>Identities in the validation split.</summary>
    public required int ValidationIdentities { get; init; }

    /// <summary>Clips in the validation split.</summary>
    public required int ValidationClips { get; init; }

    /// <summary>The kept epoch's figures on the validation split, also by identity and of one gender.</summary>
    public required ValidationScores Scores { get; init; }

    /// <summary>What a reader of these figures must know, a sentence each; see <see cref="TrainingNotes"/>.</summary>
    public IReadOnlyList<string> Notes => TrainingNotes.Of(this);

    /// <summary>The device that was used, as <see cref="DeviceChoice.Description"/> says it.</summary>
    public required string Device { get; init; }

    /// <summary>The log line of <see cref="BestEpoch"/>.</summary>
    public EpochLog Best => Log.Single(line => line.Epoch == BestEpoch);
}
