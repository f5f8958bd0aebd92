namespace CrossModalVae.Synthesis;

/// <summary>What a synthetic corpus is made of. The same options give the same bytes, whatever <see cref="ThreadCount"/>.</summary>
public sealed record SyntheticCorpusOptions
{
    /// <summary>How many people. At least 1. Default 800.</summary>
    public int Identities { get; init; } = 800;

    /// <summary>Clips of each. At least 1. Default 4.</summary>
    public int ClipsPerIdentity { get; init; } = 4;

    /// <summary>Face frames of each clip. At least 1. Default 2.</summary>
    public int FramesPerClip { get; init; } = 2;

    /// <summary>The seed of everything. Default 1.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>The shortest clip, in seconds, above 0. Default 3.0, what the report's voice front end takes.</summary>
    public double MinimumSeconds { get; init; } = 3.0;

    /// <summary>The longest clip, in seconds, at least <see cref="MinimumSeconds"/> and at most 60. Default 3.6.</summary>
    public double MaximumSeconds { get; init; } = 3.6;

    /// <summary>Width and height of a face frame, in pixels, 32 to 512. Default 128.</summary>
    public int FaceSize { get; init; } = 128;

    /// <summary>Share of the identities in the training split, in [0, 1]. Default 0.7.</summary>
    public double TrainShare { get; init; } = 0.7;

    /// <summary>Share of the identities in the validation split, in [0, 1]; what is left is the test split. Default 0.1.</summary>
    public double ValidationShare { get; init; } = 0.1;

    /// <summary>How much a face tells about a voice.</summary>
    public SyntheticCorrelations Correlations { get; init; } = new();

    /// <summary>Worker threads, or null for one per processor. Never changes a byte.</summary>
    public int? ThreadCount { get; init; }

    /// <summary>Reports every fault of these options at once.</summary>
    /// <exception cref="ArgumentException">A value lies outside its range; the message lists all that do.</exception>
    public void Validate()
    {
        var faults = new List<string>();
        Check(faults, Identities >= 1, nameof(Identities), Identities, "be at least 1");
        Check(faults, ClipsPerIdentity >= 1, nameof(ClipsPerIdentity), ClipsPerIdentity, "be at least 1");
        Check(faults, FramesPerClip >= 1, nameof(FramesPerClip), FramesPerClip, "be at least 1");
        Check(faults, MinimumSeconds > 0 && double.IsFinite(MinimumSeconds), nameof(MinimumSeconds), MinimumSeconds, "be above 0");
        Check(
            faults,
            MaximumSeconds >= MinimumSeconds && MaximumSeconds <= 60,
            nameof(MaximumSeconds),
            MaximumSeconds,
            "lie between MinimumSeconds and 60");
        Check(faults, FaceSize is >= 32 and <= 512, nameof(FaceSize), FaceSize, "lie between 32 and 512");
        Check(faults, TrainShare is >= 0 and <= 1, nameof(TrainShare), TrainShare, "lie between 0 and 1");
        Check(
            faults,
            ValidationShare >= 0 && TrainShare + ValidationShare <= 1,
            nameof(ValidationShare),
            ValidationShare,
            "lie between 0 and 1 - TrainShare");
        Check(faults, ThreadCount is null or >= 1, nameof(ThreadCount), ThreadCount ?? 0, "be at least 1");
        foreach ((string name, double value) in Correlations.All)
        {
            Check(faults, value is >= 0 and < 1, $"Correlations.{name}", value, "be at least 0 and below 1");
        }

        OptionFaults.Throw(faults);
    }

    private static void Check(List<string> faults, bool valid, string name, object value, string rule)
    {
        if (!valid)
        {
            faults.Add(FormattableString.Invariant($"'{name}' is {value}; must {rule}."));
        }
    }
}
