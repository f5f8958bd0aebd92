namespace CrossModalVae.Recipes.Terms;

/// <summary>
/// The orthogonality constraint of FOP (Saeed et al. 2022) over all voices and faces of a batch: cosines of one person's rows towards 1, of
/// different people's towards 0.
/// </summary>
public sealed record OrthogonalOptions : TermOptions
{
    /// <summary>What the mean absolute cosine of different people counts for, at least 0. Default 0.7.</summary>
    public double NegativeWeight { get; init; } = 0.7;

    private protected override void Check(OptionFaults faults) => faults.AtLeast(NegativeWeight, 0);
}
