namespace CrossModalVae.Metrics;

/// <summary>
/// The detection cost of NIST's speaker recognition evaluations: C = C_miss P_miss P_target + C_fa P_fa (1 - P_target), divided by the
/// lower cost of accepting all and rejecting all, so that a system without information has a cost of 1.
/// </summary>
public sealed record DetectionCost
{
    /// <summary>The prior probability of a target trial in use, above 0 and below 1. Default 0.01.</summary>
    public double TargetPrior { get; init; } = 0.01;

    /// <summary>Cost of a missed target, above 0. Default 1.</summary>
    public double MissCost { get; init; } = 1;

    /// <summary>Cost of a false acceptance, above 0. Default 1.</summary>
    public double FalseAcceptanceCost { get; init; } = 1;

    /// <summary>What a miss rate of 1 contributes to the normalised cost.</summary>
    internal double MissFactor => MissCost * TargetPrior / Smaller;

    /// <summary>What a false acceptance rate of 1 contributes to the normalised cost.</summary>
    internal double FalseAcceptanceFactor => FalseAcceptanceCost * (1 - TargetPrior) / Smaller;

    private double Smaller => Math.Min(MissCost * TargetPrior, FalseAcceptanceCost * (1 - TargetPrior));

    /// <summary>The smallest normalised cost at any threshold of a curve (minDCF), 0 to 1; lower is better.</summary>
    /// <param name="curve">The curve.</param>
    /// <exception cref="ArgumentException">The prior or a cost is out of its range.</exception>
    public double Minimum(RocCurve curve)
    {
        ArgumentNullException.ThrowIfNull(curve);
        Validate();
        return curve.FalseAcceptanceRate.Zip(curve.TrueAcceptanceRate)
            .Min(point => (MissFactor * (1 - point.Second)) + (FalseAcceptanceFactor * point.First));
    }

    /// <summary>Reports every fault at once.</summary>
    /// <exception cref="ArgumentException">The prior or a cost is out of its range.</exception>
    public void Validate()
    {
        var faults = new OptionFaults();
        faults.Check(TargetPrior is > 0 and < 1, nameof(TargetPrior), TargetPrior, "must be above 0 and below 1");
        foreach ((string name, double cost) in new[] { (nameof(MissCost), MissCost), (nameof(FalseAcceptanceCost), FalseAcceptanceCost) })
        {
            faults.Check(cost > 0 && double.IsFinite(cost), name, cost, "must be above 0");
        }

        faults.ThrowIfAny();
    }
}
