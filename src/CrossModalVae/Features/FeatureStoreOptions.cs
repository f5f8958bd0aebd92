namespace CrossModalVae.Features;

/// <summary>How a feature store is made.</summary>
public sealed record FeatureStoreOptions
{
    /// <summary>How numbers are kept. Default float32: training from the store then gives exactly what training from files does.</summary>
    public FeaturePrecision Precision { get; init; } = FeaturePrecision.Float32;

    /// <summary>
    /// Clips worked on at a time, at least 1; null for one a processor. The store's bytes do not depend on it. Default null.
    /// </summary>
    public int? Jobs { get; init; }

    /// <summary>Reports every fault.</summary>
    /// <exception cref="ArgumentException">A value lies outside its range; the message lists all that do.</exception>
    public void Validate()
    {
        var faults = new List<string>();
        if (!Enum.IsDefined(Precision))
        {
            faults.Add($"'Precision' is {(int)Precision}; must be Float32 or Float16.");
        }

        if (Jobs < 1)
        {
            faults.Add($"'Jobs' is {Jobs}; must be >= 1.");
        }

        OptionFaults.Throw(faults);
    }
}
