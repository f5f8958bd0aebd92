namespace CrossModalVae.Recipes.Terms;

/// <summary>How a classifier's logits are made of an embedding and the classes' weights.</summary>
public enum ClassifierHead
{
    /// <summary>x W^T + b.</summary>
    Softmax,

    /// <summary>s cos, less s m for the true class (Wang et al. 2018, equation 6).</summary>
    AmSoftmax,

    /// <summary>s cos, for the true class s cos(angle + m) (Deng et al. 2019, equation 3).</summary>
    AamSoftmax,
}

/// <summary>Classification of the training identities by posterior means, with class weights that are no part of the model.</summary>
public sealed record IdentityOptions : TermOptions
{
    /// <summary>The classifier. Default softmax.</summary>
    public ClassifierHead Head { get; init; } = ClassifierHead.Softmax;

    /// <summary>s, the factor on cosines of am-softmax and aam-softmax, above 0. Default 30.</summary>
    public double Scale { get; init; } = 30.0;

    /// <summary>m, the margin of am-softmax (a cosine) and aam-softmax (an angle in radians), 0 to 1. Default 0.2.</summary>
    public double Margin { get; init; } = 0.2;

    /// <summary>
    /// Whether voices and faces have the same class weights, which draws both to the same places; false gives each modality its own.
    /// Default true.
    /// </summary>
    public bool Shared { get; init; } = true;

    private protected override void Check(OptionFaults faults)
    {
        faults.OneOf(Head);
        faults.Above(Scale, 0);
        faults.Within(Margin, 0, 1);
    }
}
