namespace CrossModalVae.Recipes.Terms;

/// <summary>How near a query is to a person's prototype.</summary>
public enum PrototypeScore
{
    /// <summary>-|q - c|^2 (Snell, Swersky, Zemel 2017).</summary>
    SquaredDistance,

    /// <summary>w cos(q, c) + b with w and b learned, from 10 and -5 on (angular prototypical, Chung et al. 2020).</summary>
    Angular,
}

/// <summary>
/// Prototypes across modalities: each voice is to find, among the people of the batch, its own by the mean of that person's faces, and
/// each face by the mean of voices.
/// </summary>
public sealed record PrototypicalOptions : TermOptions
{
    /// <summary>The score. Default angular.</summary>
    public PrototypeScore Score { get; init; } = PrototypeScore.Angular;

    private protected override void Check(OptionFaults faults) => faults.OneOf(Score);
}
