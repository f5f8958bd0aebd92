using System.Text.Json.Serialization;

namespace CrossModalVae.Synthesis;

/// <summary>
/// The correlation, in [0, 1), between the voice's and the face's value of each shared trait: how much a face tells about a voice. Sex is
/// shared exactly.
/// </summary>
public sealed record SyntheticCorrelations
{
    /// <summary>Body size: vocal-tract length and pitch, head and jaw. Default 0.8.</summary>
    public double Size { get; init; } = 0.8;

    /// <summary>Age: jitter, breath, spectral tilt and slowness, wrinkles, grey hair and folds. Default 0.7.</summary>
    public double Age { get; init; } = 0.7;

    /// <summary>Weight: resonance of the chest, roundness of the face and neck. Default 0.5.</summary>
    public double Build { get; init; } = 0.5;

    /// <summary>Origin: accent, skin. Default 0.6.</summary>
    public double Origin { get; init; } = 0.6;
}

/// <summary>The options of a synthetic corpus. The same options give the same bytes, for any <see cref="ThreadCount"/>.</summary>
public sealed record SyntheticCorpusOptions
{
    // Members are written to synthetic-card.json in this order.

    /// <summary>The seed of the whole corpus. Default 1.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>Number of identities, at least 1. Default 800.</summary>
    public int Identities { get; init; } = 800;

    /// <summary>Clips of each identity, at least 1. Default 4.</summary>
    public int ClipsPerIdentity { get; init; } = 4;

    /// <summary>Face frames of each clip, at least 1. Default 2.</summary>
    public int FramesPerClip { get; init; } = 2;

    /// <summary>The shortest clip, in seconds, above 0. Default 3.0, as the report's voice front end.</summary>
    public double MinimumSeconds { get; init; } = 3.0;

    /// <summary>The longest clip, in seconds, at least <see cref="MinimumSeconds"/> and at most 60. Default 3.6.</summary>
    public double MaximumSeconds { get; init; } = 3.6;

    /// <summary>Width and height of a face frame, in pixels, 32 to 512. Default 128.</summary>
    public int FaceSize { get; init; } = 128;

    /// <summary>Share of the identities in the training split, in [0, 1]. Default 0.7.</summary>
    public double TrainShare { get; init; } = 0.7;

    /// <summary>Share of the identities in the validation split, in [0, 1]; the rest is the test split. Default 0.1.</summary>
    public double ValidationShare { get; init; } = 0.1;

    /// <summary>How much a face tells about a voice.</summary>
    public SyntheticCorrelations Correlations { get; init; } = new();

    /// <summary>Worker threads, or null for one per processor. Does not change the corpus.</summary>
    [JsonIgnore]
    public int? ThreadCount { get; init; }

    /// <summary>Reports every fault of these options at once.</summary>
    /// <exception cref="ArgumentException">A value lies outside its range; the message lists all that do.</exception>
    public void Validate()
    {
        var faults = new OptionFaults();
        faults.AtLeast(Identities, 1);
        faults.AtLeast(ClipsPerIdentity, 1);
        faults.AtLeast(FramesPerClip, 1);
        faults.Above(MinimumSeconds, 0);
        faults.Check(
            MaximumSeconds >= MinimumSeconds && MaximumSeconds <= 60,
            nameof(MaximumSeconds),
            MaximumSeconds,
            "must lie between MinimumSeconds and 60");
        faults.Within(FaceSize, 32, 512);
        faults.Within(TrainShare, 0, 1);
        faults.Check(
            ValidationShare >= 0 && TrainShare + ValidationShare <= 1,
            nameof(ValidationShare),
            ValidationShare,
            "must lie between 0 and 1 - TrainShare");
        faults.AtLeast(ThreadCount ?? 1, 1, nameof(ThreadCount));
        faults.AtLeastAndBelow(Correlations.Size, 0, 1);
        faults.AtLeastAndBelow(Correlations.Age, 0, 1);
        faults.AtLeastAndBelow(Correlations.Build, 0, 1);
        faults.AtLeastAndBelow(Correlations.Origin, 0, 1);
        faults.ThrowIfAny();
    }
}
