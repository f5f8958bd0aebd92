namespace CrossModalVae.Synthesis;

/// <summary>
/// How much a face tells about a voice: the correlation between the two values of each shared trait, one per
/// modality. Sex is shared exactly and has none.
/// </summary>
public sealed record SyntheticCorrelations
{
    /// <summary>Body size: vocal-tract length and pitch, head and jaw. In [0, 1). Default 0.8.</summary>
    public double Size { get; init; } = 0.8;

    /// <summary>Age: jitter, breath, spectral tilt and slowness, wrinkles, grey hair and folds. In [0, 1). Default 0.7.</summary>
    public double Age { get; init; } = 0.7;

    /// <summary>Weight: resonance of the chest, roundness of the face and neck. In [0, 1). Default 0.5.</summary>
    public double Build { get; init; } = 0.5;

    /// <summary>Origin: accent, skin. In [0, 1). Default 0.6.</summary>
    public double Origin { get; init; } = 0.6;

    internal IEnumerable<(string Name, double Value)> All =>
        [(nameof(Size), Size), (nameof(Age), Age), (nameof(Build), Build), (nameof(Origin), Origin)];
}
