using CrossModalVae.Corpora;
using CrossModalVae.Retrieval;

namespace CrossModalVae.Calibration;

/// <summary>Options of <see cref="Calibrator"/>.</summary>
public sealed record CalibrationOptions
{
    /// <summary>Which modality asks. Default voice-to-face.</summary>
    public RetrievalDirection Direction { get; init; }

    /// <summary>What nearness means. Default cosine.</summary>
    public RankingMetric Metric { get; init; } = RankingMetric.Cosine;

    /// <summary>How an identity's clips become one score; null, the default, for the scores of clips.</summary>
    public IdentityAggregation? Identities { get; init; }

    /// <summary>
    /// Whose trials it is fitted to. Default validation: of training people scores are too good, test people are evaluated.
    /// </summary>
    public CorpusSplit Split { get; init; } = CorpusSplit.Validation;

    /// <summary>Whether the test split may be fitted to, where nobody is going to be evaluated on it. Default no.</summary>
    public bool AllowTest { get; init; }

    /// <summary>The share of targets where the scores are used, above 0 and below 1. Default one half.</summary>
    public double Prior { get; init; } = 0.5;

    /// <summary>Seed of the drawn trials. Default 1.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>
    /// Target trials for every identity, and as many non-target trials, so that identities weigh the same. Default 100; at least 1.
    /// </summary>
    public int TrialsPerIdentity { get; init; } = 100;

    /// <summary>Reports every fault at once.</summary>
    /// <exception cref="ArgumentException">A value lies outside its range; the message lists all that do.</exception>
    public void Validate()
    {
        var faults = new List<string>();
        if (!(Prior is > 0 and < 1))
        {
            faults.Add($"'Prior' is {Prior.ToString(CultureInfo.InvariantCulture)}; must be > 0 and < 1.");
        }

        if (TrialsPerIdentity < 1)
        {
            faults.Add($"'TrialsPerIdentity' is {TrialsPerIdentity.ToString(CultureInfo.InvariantCulture)}; must be >= 1.");
        }

        if (Split == CorpusSplit.Test && !AllowTest)
        {
            faults.Add(
                "'Split' is test: probabilities fitted to people who are then evaluated flatter themselves; "
                + "must be validation, or 'AllowTest' must say that nobody is.");
        }

        OptionFaults.Throw(faults);

        Identities?.Validate();
    }
}
