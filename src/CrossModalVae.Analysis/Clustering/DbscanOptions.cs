namespace CrossModalVae.Clustering;

/// <summary>Options of <see cref="Dbscan"/>.</summary>
public sealed record DbscanOptions
{
    /// <summary>Largest distance of neighbours, above 0, inclusive. Null chooses the knee of the k-distance curve. Default null.</summary>
    public double? Eps { get; init; }

    /// <summary>Points within eps, the point itself included, that make a core point; at least 1. Default 5.</summary>
    public int MinSamples { get; init; } = 5;

    /// <summary>The distance. Default cosine; a row of zeros has cosine distance 1 to every other row.</summary>
    public DistanceMetric Metric { get; init; } = DistanceMetric.Cosine;

    /// <summary>Checks the options.</summary>
    /// <exception cref="ArgumentException">Names every fault.</exception>
    public void Validate()
    {
        var faults = new OptionFaults();
        faults.Above(Eps ?? 1, 0, nameof(Eps));
        faults.AtLeast(MinSamples, 1);
        faults.OneOf(Metric);
        faults.ThrowIfAny();
    }
}
