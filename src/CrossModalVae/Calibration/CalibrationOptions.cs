using CrossModalVae.Corpora;
using CrossModalVae.Retrieval;

namespace CrossModalVae.Calibration;

/// <summary>Options of <see cref="Calibrator"/>.</summary>
public sealed record CalibrationOptions
{
    /// <summary>The modalities of probe and gallery. Default voice-to-face.</summary>
    public RetrievalDirection Direction { get; init; }

    /// <summary>The metric that ranks. Default cosine.</summary>
    public RankingMetric Metric { get; init; } = RankingMetric.Cosine;

    /// <summary>The aggregation of an identity's clips; null, the default, for scores of clips.</summary>
    public IdentityAggregation? Identities { get; init; }

    /// <summary>
    /// The split whose trials it is fitted to. Default validation: scores of training identities are too good, test identities are
    /// evaluated.
    /// </summary>
    public CorpusSplit Split { get; init; } = CorpusSplit.Validation;

    /// <summary>Whether the test split may be fitted to, where no evaluation on it follows. Default no.</summary>
    public bool AllowTest { get; init; }

    /// <summary>
    /// The share of targets where the scores are used, above 0 and below 1. Default null, for none: the calibration's prior is one half
    /// then, and the file has none, so that <c>cmvae rank</c> takes one over the people that it ranks.
    /// </summary>
    public double? Prior { get; init; }

    /// <summary>Seed of the drawn trials. Default 1.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>
    /// The most target trials of an identity, and the most non-target trials: different pairs, drawn where it has more, all of them where
    /// it has fewer. Weights make identities, targets and non-targets equal in the fit. Default 100; at least 1.
    /// </summary>
    public int TrialsPerIdentity { get; init; } = 100;

    /// <summary>Reports every fault of these options at once.</summary>
    /// <exception cref="ArgumentException">A value is out of range; the message lists all faults.</exception>
    public void Validate()
    {
        var faults = new OptionFaults();
        faults.Check(Prior is null or (> 0 and < 1), nameof(Prior), Prior, "must be > 0 and < 1");
        faults.AtLeast(TrialsPerIdentity, 1);
        if (Split == CorpusSplit.Test && !AllowTest)
        {
            faults.Add(
                "'Split' is test: probabilities fitted to identities that are then evaluated look better than they are; "
                + "must be validation, or 'AllowTest' must say that nobody is evaluated.");
        }

        faults.ThrowIfAny();
        Identities?.Validate();
    }
}
