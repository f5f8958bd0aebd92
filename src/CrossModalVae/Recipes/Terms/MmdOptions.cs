namespace CrossModalVae.Recipes.Terms;

/// <summary>What a batch's samples are compared with.</summary>
public enum MmdTarget
{
    /// <summary>The other modality's samples.</summary>
    OtherModality,

    /// <summary>Draws from the prior N(0, I), each modality by itself (Wasserstein auto-encoder).</summary>
    Prior,
}

/// <summary>
/// The maximum mean discrepancy with the inverse multiquadratic kernel, unbiased (Tolstikhin et al. 2018, algorithm 2), of a batch's
/// samples. It can be slightly below 0.
/// </summary>
public sealed record MmdOptions : TermOptions
{
    /// <summary>What the samples are compared with. Default the other modality's.</summary>
    public MmdTarget Target { get; init; } = MmdTarget.OtherModality;

    private protected override void Check(OptionFaults faults) => faults.OneOf(Target);
}
