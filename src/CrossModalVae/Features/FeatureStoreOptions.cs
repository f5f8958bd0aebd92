using CrossModalVae.Audio;
using CrossModalVae.Corpora;

namespace CrossModalVae.Features;

/// <summary>How a feature store is made.</summary>
public sealed record FeatureStoreOptions
{
    /// <summary>
    /// Precision of the numbers. Default float32: training from the store then gives exactly what training from files does.
    /// </summary>
    public FeaturePrecision Precision { get; init; } = FeaturePrecision.Float32;

    /// <summary>
    /// Clips processed in parallel, at least 1; null for one a processor. The store's bytes do not depend on it. Default null.
    /// </summary>
    public int? Jobs { get; init; }

    /// <summary>Which faults of sound files are tolerated, and the list of files that had them. Default null: none.</summary>
    public SoundReading? Reading { get; init; }

    /// <summary>
    /// Leaves out clips with a missing or broken file; the store's header names them with their reasons. Default false: they are an error.
    /// </summary>
    public bool SkipBroken { get; init; }

    /// <summary>The networks of the recipe's encoder sections, which stay the caller's. Default null: the recipe has none.</summary>
    public FrozenEncoders? Encoders { get; init; }

    /// <summary>Reports every fault of these options at once.</summary>
    /// <exception cref="ArgumentException">A value is out of range; the message lists all faults.</exception>
    public void Validate()
    {
        var faults = new OptionFaults();
        faults.Member(Precision);
        faults.AtLeast(Jobs ?? 1, 1, nameof(Jobs));
        faults.ThrowIfAny();
    }
}

/// <summary>What <see cref="FeatureStoreBuilder.Build"/> did.</summary>
/// <param name="ClipCount">Clips in the store.</param>
/// <param name="RowCount">Rows of the store: the clips as they are, and their augmented views.</param>
/// <param name="ComputedCount">Rows that were computed now; the others were found done and sound.</param>
/// <param name="Bytes">The store's size.</param>
public sealed record FeatureStoreReport(int ClipCount, int RowCount, int ComputedCount, long Bytes)
{
    /// <summary>The broken clips that were left out, in manifest order.</summary>
    public IReadOnlyList<SkippedClip> Skipped { get; init; } = [];
}
