namespace CrossModalVae.Recipes;

/// <summary>How a clip's voice and face become one joint embedding.</summary>
public enum JointEmbedding
{
    /// <summary>The mean of the two unit-length posterior means.</summary>
    MeanOfDirections,

    /// <summary>The mean of the product of both posteriors and the prior N(0, I) (product of experts).</summary>
    ProductOfExperts,
}

/// <summary>The scoring section of a recipe.</summary>
public sealed record ScoringOptions
{
    /// <summary>Rows per ONNX Runtime call. Default 256.</summary>
    public int BatchSize { get; init; } = 256;

    /// <summary>How joint embeddings are made; a clip with one modality has that modality's. Default the mean of directions.</summary>
    public JointEmbedding Joint { get; init; } = JointEmbedding.MeanOfDirections;

    /// <summary>Reports every fault of these options at once.</summary>
    /// <exception cref="ArgumentException">A value is out of range; the message lists all faults.</exception>
    public void Validate()
    {
        var faults = new OptionFaults();
        faults.AtLeast(BatchSize, 1);
        faults.OneOf(Joint);
        faults.ThrowIfAny();
    }
}
