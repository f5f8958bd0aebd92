namespace CrossModalVae.Recipes.Terms;

/// <summary>
/// The squared sliced 2-Wasserstein distance (Bonneel et al. 2015) of a batch's voice samples from its face samples, of the pairs: it
/// aligns the two distributions, not the two samples of a clip.
/// </summary>
public sealed record SlicedWassersteinOptions : TermOptions
{
    /// <summary>L, random directions of a step, at least 1. Default 50.</summary>
    public int Projections { get; init; } = 50;

    private protected override void Check(OptionFaults faults) => faults.AtLeast(Projections, 1);
}
