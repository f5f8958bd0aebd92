namespace CrossModalVae.Projection;

/// <summary>Options of <see cref="TSne"/>; the defaults are scikit-learn's.</summary>
public sealed record TSneOptions
{
    /// <summary>About how many neighbours each point attends to; above 1, at most a third of the number of points. Default 30.</summary>
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

    /// <summary>
    /// What nearness means in the input; cosine is the Euclidean distance of rows brought to length 1. Default Euclidean.
    /// </summary>
    public DistanceMetric Metric { get; init; } = DistanceMetric.Euclidean;

    /// <summary>Seed of the random start, and of the jitter (a hundredth of the start's size) that parts equal points. Default 1.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>Checks the options.</summary>
    /// <exception cref="ArgumentException">Names every fault.</exception>
    public void Validate()
    {
        var faults = new List<string>();
        if (!(Perplexity > 1 && double.IsFinite(Perplexity)))
        {
            faults.Add(FormattableString.Invariant($"'Perplexity' is {Perplexity}; must be > 1."));
        }

        if (IterationCount < 1)
        {
            faults.Add($"'IterationCount' is {IterationCount}; must be >= 1.");
        }

        if (ExaggeratedIterationCount < 0 || ExaggeratedIterationCount > Math.Max(IterationCount, 0))
        {
            faults.Add($"'ExaggeratedIterationCount' is {ExaggeratedIterationCount}; must be 0 to 'IterationCount', {IterationCount}.");
        }

        if (!(EarlyExaggeration >= 1 && double.IsFinite(EarlyExaggeration)))
        {
            faults.Add(FormattableString.Invariant($"'EarlyExaggeration' is {EarlyExaggeration}; must be >= 1."));
        }

        if (LearningRate is double rate && !(rate > 0 && double.IsFinite(rate)))
        {
            faults.Add(FormattableString.Invariant($"'LearningRate' is {rate}; must be > 0."));
        }

        if (!Enum.IsDefined(Initialisation))
        {
            faults.Add($"'Initialisation' is {Initialisation}; must be one of {string.Join(", ", Enum.GetNames<TSneInitialisation>())}.");
        }

        if (!Enum.IsDefined(Metric))
        {
            faults.Add($"'Metric' is {Metric}; must be one of {string.Join(", ", Enum.GetNames<DistanceMetric>())}.");
        }

        OptionFaults.Throw(faults);
    }
}
