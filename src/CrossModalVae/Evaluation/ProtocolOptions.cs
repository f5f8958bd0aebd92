namespace CrossModalVae.Evaluation;

/// <summary>Options of <see cref="CrossModalProtocol"/>.</summary>
public sealed record ProtocolOptions
{
    private const long MostEnumeratedPairs = 2_000_000_000; // an array holds their scores

    /// <summary>
    /// Seed of the bootstrap, and of the trials where they are drawn; systems compared under one seed see the same trials and the same
    /// draws. Default 1.
    /// </summary>
    public long Seed { get; init; } = 1;

    /// <summary>Which clips of a probe's identity are positives, in every metric. Default other.</summary>
    public PositiveClips Positives { get; init; } = PositiveClips.Other;

    /// <summary>
    /// Up to so many pairs of a probe and a gallery clip, verification takes every pair; beyond, trials are drawn. Default 20 million,
    /// which take seconds and 80 MB; 0 to 2 billion.
    /// </summary>
    public long EnumeratedPairs { get; init; } = 20_000_000;

    /// <summary>
    /// Target and non-target trials of every probe where verification draws, see <see cref="EnumeratedPairs"/>. Default 25; at least 1.
    /// </summary>
    public int TrialsPerProbe { get; init; } = 25;

    /// <summary>Bootstrap draws of identities; 0 leaves intervals out. Default 1,000.</summary>
    public int DrawCount { get; init; } = 1000;

    /// <summary>The share of draws that an interval holds, above 0 and below 1. Default 0.95.</summary>
    public double Confidence { get; init; } = 0.95;

    /// <summary>Reports every fault of these options at once.</summary>
    /// <exception cref="ArgumentException">A value is out of range; the message lists all faults.</exception>
    public void Validate()
    {
        var faults = new OptionFaults();
        faults.Check(Enum.IsDefined(Positives), nameof(Positives), Positives, "must be other, own or any");
        faults.Check(
            EnumeratedPairs is >= 0 and <= MostEnumeratedPairs,
            nameof(EnumeratedPairs),
            EnumeratedPairs,
            $"must be >= 0 and <= {MostEnumeratedPairs}");
        faults.AtLeast(TrialsPerProbe, 1);
        faults.AtLeast(DrawCount, 0);
        faults.Check(Confidence is > 0 and < 1, nameof(Confidence), Confidence, "must be > 0 and < 1");
        faults.ThrowIfAny();
    }
}
