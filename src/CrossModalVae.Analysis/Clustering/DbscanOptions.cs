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
        var faults = new List<string>();
        if (Eps is double eps && !(eps > 0 && double.IsFinite(eps)))
        {
            faults.Add(FormattableString.Invariant($"'Eps' is {eps}; must be > 0."));
        }

        if (MinSamples < 1)
        {
            faults.Add($"'MinSamples' is {MinSamples}; must be >= 1.");
        }

        if (!Enum.IsDefined(Metric))
        {
            faults.Add($"'Metric' is {Metric}; must be one of {string.Join(", ", Enum.GetNames<DistanceMetric>())}.");
        }

        OptionFaults.Throw(faults);
    }
}
