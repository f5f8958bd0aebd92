namespace CrossModalVae.Evaluation;

/// <summary>Options of <see cref="CrossModalProtocol"/>.</summary>
public sealed record ProtocolOptions
{
    /// <summary>
    /// Seed of the drawn trials and of the bootstrap; systems compared under one seed see the same trials and the same draws. Default 1.
    /// </summary>
    public long Seed { get; init; } = 1;

    /// <summary>Verification and matching trials of every probe. Default 25; at least 1.</summary>
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
        faults.AtLeast(TrialsPerProbe, 1);
        faults.AtLeast(DrawCount, 0);
        faults.Check(Confidence is > 0 and < 1, nameof(Confidence), Confidence, "must be > 0 and < 1");
        faults.ThrowIfAny();
    }
}
