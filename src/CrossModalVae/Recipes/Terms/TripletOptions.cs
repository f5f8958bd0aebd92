namespace CrossModalVae.Recipes.Terms;

/// <summary>
/// Triplets of voices and faces with semi-hard negatives (Schroff, Kalenichenko, Philbin 2015) on unit-length posterior means: every
/// positive of an anchor, and the nearest negative that is farther than it.
/// </summary>
public sealed record TripletOptions : TermOptions
{
    /// <summary>alpha, by how much a negative's squared distance should exceed the positive's, above 0 to 4. Default 0.2.</summary>
    public double Margin { get; init; } = 0.2;

    private protected override void Check(OptionFaults faults) => faults.AboveAndAtMost(Margin, 0, 4);
}
