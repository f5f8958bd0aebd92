namespace CrossModalVae.Corpora;

/// <summary>How people are dealt to splits where a corpus does not say.</summary>
public sealed record IdentitySplitOptions
{
    /// <summary>Share of the identities for validation, 0 to 1. Default 0.1.</summary>
    public double ValidationShare { get; init; } = 0.1;

    /// <summary>Share of the identities for the test, 0 to 1; what both leave is trained on. Default 0.2.</summary>
    public double TestShare { get; init; } = 0.2;

    /// <summary>Seed of the draw. Default 1.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>Reports every fault of these options at once.</summary>
    /// <exception cref="ArgumentException">A value lies outside its range; the message lists all that do.</exception>
    public void Validate()
    {
        var faults = new List<string>();
        if (!(ValidationShare is >= 0 and <= 1))
        {
            faults.Add(FormattableString.Invariant($"'ValidationShare' is {ValidationShare}; must be 0 to 1."));
        }

        if (!(TestShare is >= 0 and <= 1))
        {
            faults.Add(FormattableString.Invariant($"'TestShare' is {TestShare}; must be 0 to 1."));
        }

        if (faults.Count == 0 && ValidationShare + TestShare > 1)
        {
            faults.Add(FormattableString.Invariant(
                $"'ValidationShare' and 'TestShare' are {ValidationShare + TestShare} together; must be <= 1."));
        }

        OptionFaults.Throw(faults);
    }
}
