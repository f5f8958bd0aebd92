namespace CrossModalVae.Recipes.Terms;

/// <summary>
/// The generalised end-to-end loss, softmax variant (Wan et al. 2018), over all voices and faces of a batch as one set: each row is to find
/// its person by the people's centroids, its own without itself.
/// </summary>
public sealed record Ge2eOptions : TermOptions
{
    private protected override void Check(OptionFaults faults)
    {
    }
}
