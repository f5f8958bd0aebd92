namespace CrossModalVae.Recipes.Terms;

/// <summary>
/// The contrastive loss of Learnable PINs (Nagrani, Albanie, Zisserman 2018) on unit-length posterior means, with its curriculum: the
/// negative of each face is the voice at a percentile of hardness that rises over the epochs, and none that is nearer than the face's own
/// (with such ones all embeddings collapse into two points). Positives are the pairs of the batch.
/// </summary>
public sealed record PinsOptions : TermOptions
{
    /// <summary>alpha, the distance beyond which a negative no longer counts, above 0 to 2. Default 0.6.</summary>
    public double Margin { get; init; } = 0.6;

    /// <summary>tau at the start: 0 takes the farthest voice of another person, 1 the nearest. Default 0.3.</summary>
    public double HardnessStart { get; init; } = 0.3;

    /// <summary>tau at the end, at least the start's. Default 0.8.</summary>
    public double HardnessEnd { get; init; } = 0.8;

    /// <summary>What is added to tau at a time, above 0. Default 0.1.</summary>
    public double HardnessStep { get; init; } = 0.1;

    /// <summary>Epochs between two such additions, at least 1. Default 2.</summary>
    public int HardnessEpochs { get; init; } = 2;

    private protected override void Check(OptionFaults faults)
    {
        faults.AboveAndAtMost(Margin, 0, 2);
        faults.Range(HardnessStart, HardnessEnd, 0, 1);
        faults.AboveAndAtMost(HardnessStep, 0, 1);
        faults.AtLeast(HardnessEpochs, 1);
    }
}
