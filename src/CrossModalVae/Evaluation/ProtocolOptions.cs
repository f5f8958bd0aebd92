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
    /// <exception cref="ArgumentException">A value lies outside its range; the message lists all that do.</exception>
    public void Validate()
    {
        var faults = new List<string>();
        if (TrialsPerProbe < 1)
        {
            faults.Add($"'TrialsPerProbe' is {TrialsPerProbe}; must be >= 1.");
        }

        if (DrawCount < 0)
        {
            faults.Add($"'DrawCount' is {DrawCount}; must be >= 0.");
        }

        if (!(Confidence > 0 && Confidence < 1))
        {
            faults.Add(FormattableString.Invariant($"'Confidence' is {Confidence}; must be above 0 and below 1."));
        }

        OptionFaults.Throw(faults);
    }
}
