namespace CrossModalVae.Retrieval;

/// <summary>What a gallery keeps of each row; fixed at creation.</summary>
public sealed record GalleryOptions
{
    /// <summary>The largest number of values of a row.</summary>
    private const int LargestLength = 1 << 28;

    /// <summary>D, values of a row, at least 1.</summary>
    public required int Dimension { get; init; }

    /// <summary>
    /// Precision of the numbers. Default float32; float16 halves memory and time and rounds each number by at most 2^-11 of its size.
    /// </summary>
    public FeaturePrecision Precision { get; init; } = FeaturePrecision.Float32;

    /// <summary>
    /// Whether the posteriors' standard deviations are kept too, for <see cref="RankingMetric.GaussianWasserstein"/>. Default no.
    /// </summary>
    public bool HasStandardDeviations { get; init; }

    /// <summary>F, values of a row's reconstruction, for <see cref="RankingMetric.MsVae"/>; 0, the default, keeps none.</summary>
    public int ReconstructionLength { get; init; }

    /// <summary>The options of a gallery that keeps all that a set has.</summary>
    /// <param name="set">The set.</param>
    /// <param name="precision">Precision of the numbers.</param>
    public static GalleryOptions For(Embeddings.EmbeddingSet set, FeaturePrecision precision = FeaturePrecision.Float32)
    {
        ArgumentNullException.ThrowIfNull(set);
        return new GalleryOptions
        {
            Dimension = set.Dimension,
            Precision = precision,
            HasStandardDeviations = set.StandardDeviations is not null,
            ReconstructionLength = set.ReconstructionLength,
        };
    }

    /// <summary>Reports every fault of these options at once.</summary>
    /// <exception cref="ArgumentException">A value is out of range; the message lists all faults.</exception>
    public void Validate()
    {
        var faults = new OptionFaults();
        faults.Within(Dimension, 1, LargestLength);
        faults.Within(ReconstructionLength, 0, LargestLength);
        faults.OneOf(Precision);
        faults.ThrowIfAny();
    }
}
