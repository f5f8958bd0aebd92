namespace CrossModalVae.Evaluation;

/// <summary>A figure in both weightings.</summary>
/// <param name="Count">Trials or queries.</param>
/// <param name="IdentityCount">Identities that ask.</param>
/// <param name="Pooled">All trials weighing the same.</param>
/// <param name="ByIdentity">All asking identities weighing the same.</param>
internal sealed record FigureSample(long Count, int IdentityCount, WeightedSample Pooled, WeightedSample ByIdentity)
{
    public MetricValue ToMetric(double confidence) => new(Pooled.Value, Pooled.Chance, Count)
    {
        Interval = Interval.Of(Pooled.Draws, confidence),
        ByIdentity = new IdentityMetric(ByIdentity.Value, ByIdentity.Chance, IdentityCount, Interval.Of(ByIdentity.Draws, confidence)),
    };

    /// <summary>This minus another system's figure on the same trials, draw by draw.</summary>
    public FigureDifference Minus(FigureSample other, double confidence)
    {
        return new FigureDifference(
            Pooled.Value - other.Pooled.Value,
            Of(Pooled, other.Pooled),
            ByIdentity.Value - other.ByIdentity.Value,
            Of(ByIdentity, other.ByIdentity));

        Interval? Of(WeightedSample own, WeightedSample theirs) =>
            Interval.Of([.. own.Draws.Zip(theirs.Draws, (a, b) => a - b)], confidence);
    }
}
