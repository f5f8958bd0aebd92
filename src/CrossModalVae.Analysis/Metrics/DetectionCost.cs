namespace CrossModalVae.Metrics;

/// <summary>
/// The detection cost of NIST's speaker recognition evaluations: C = C_miss P_miss P_target + C_fa P_fa (1 - P_target), over the cost of
/// the better of accepting all and rejecting all, so that 1 is what a system without information has.
/// </summary>
public sealed record DetectionCost
{
    /// <summary>How likely a trial is a target where the system is used, above 0 and below 1. Default 0.01.</summary>
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
        double least = double.PositiveInfinity;
        for (int i = 0; i < curve.FalseAcceptanceRate.Count; i++)
        {
            least = Math.Min(
                least, (MissFactor * (1 - curve.TrueAcceptanceRate[i])) + (FalseAcceptanceFactor * curve.FalseAcceptanceRate[i]));
        }

        return least;
    }

    /// <summary>Reports every fault at once.</summary>
    /// <exception cref="ArgumentException">The prior or a cost is out of its range.</exception>
    public void Validate()
    {
        var faults = new List<string>();
        if (!(TargetPrior > 0 && TargetPrior < 1))
        {
            faults.Add(FormattableString.Invariant($"'TargetPrior' is {TargetPrior}; must be above 0 and below 1."));
        }

        foreach ((string name, double cost) in new[] { (nameof(MissCost), MissCost), (nameof(FalseAcceptanceCost), FalseAcceptanceCost) })
        {
            if (!(cost > 0 && double.IsFinite(cost)))
            {
                faults.Add(FormattableString.Invariant($"'{name}' is {cost}; must be above 0."));
            }
        }

        OptionFaults.Throw(faults);
    }
}
