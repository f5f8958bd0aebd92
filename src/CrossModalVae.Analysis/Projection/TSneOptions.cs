namespace CrossModalVae.Projection;

/// <summary>Options of <see cref="TSne"/>; the defaults are scikit-learn's.</summary>
public sealed record TSneOptions
{
    /// <summary>The effective number of neighbours of each point; above 1, at most a third of the number of points. Default 30.</summary>
    public double Perplexity { get; init; } = 30;

    /// <summary>Steps of gradient descent, those of the early exaggeration included; at least 1. Default 1000.</summary>
    public int IterationCount { get; init; } = 1000;

    /// <summary>How many of the first steps exaggerate; 0 to IterationCount. Default 250.</summary>
    public int ExaggeratedIterationCount { get; init; } = 250;

    /// <summary>How much stronger attraction is in those first steps; at least 1. Default 12.</summary>
    public double EarlyExaggeration { get; init; } = 12;

    /// <summary>
    /// Step size, above 0, for the gradient without the paper's factor 4. Null: N / EarlyExaggeration, at least 200 (Belkina et al. 2019).
    /// That is scikit-learn's 'auto', which keeps the factor in the gradient and divides the rate by it. Default null.
    /// </summary>
    public double? LearningRate { get; init; }

    /// <summary>Where points start. Default the principal components.</summary>
    public TSneInitialisation Initialisation { get; init; } = TSneInitialisation.Pca;

    /// <summary>The distance of input points; cosine is the Euclidean distance of rows scaled to length 1. Default Euclidean.</summary>
    public DistanceMetric Metric { get; init; } = DistanceMetric.Euclidean;

    /// <summary>Seed of the random start, and of the jitter (a hundredth of the start's size) separating equal points. Default 1.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>Checks the options.</summary>
    /// <exception cref="ArgumentException">Names every fault.</exception>
    public void Validate()
    {
        var faults = new OptionFaults();
        faults.Above(Perplexity, 1);
        faults.AtLeast(IterationCount, 1);
        faults.Check(
            ExaggeratedIterationCount >= 0 && ExaggeratedIterationCount <= Math.Max(IterationCount, 0),
            nameof(ExaggeratedIterationCount),
            ExaggeratedIterationCount,
            $"must be 0 to 'IterationCount', {IterationCount}");
        faults.AtLeast(EarlyExaggeration, 1.0);
        faults.Above(LearningRate ?? 1, 0, nameof(LearningRate));
        faults.OneOf(Initialisation);
        faults.OneOf(Metric);
        faults.ThrowIfAny();
    }
}

/// <summary>Where the points of a t-SNE layout start.</summary>
public enum TSneInitialisation
{
    /// <summary>
    /// At their first two principal components, scaled to a standard deviation of 1e-4: keeps the large-scale order (Kobak, Berens 2019).
    /// </summary>
    Pca,

    /// <summary>At random, normal with a standard deviation of 1e-4, as in the first paper.</summary>
    Random,
}
