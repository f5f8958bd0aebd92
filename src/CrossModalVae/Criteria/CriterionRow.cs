using CrossModalVae.Evaluation;

namespace CrossModalVae.Criteria;

/// <summary>The criteria of Shi et al. (2019, arXiv 1911.03393, section 2), and the classifiers that judge them.</summary>
internal enum Criterion
{
    /// <summary>Traits can be read off the latent vector by a linear map.</summary>
    LatentFactorisation,

    /// <summary>What the classifiers find in real test clips.</summary>
    TraitClassifiers,

    /// <summary>Face and voice decoded from one draw of the prior agree.</summary>
    JointCoherence,

    /// <summary>A face decoded from a voice has the voice's traits, and back.</summary>
    CrossCoherence,

    /// <summary>Both modalities together explain the data better than one.</summary>
    Synergy,
}

/// <summary>One figure.</summary>
/// <param name="Criterion">What it belongs to.</param>
/// <param name="What">The trait, or the probability that is estimated.</param>
/// <param name="From">What it is read off.</param>
/// <param name="Metric">How it is scored.</param>
/// <param name="Value">The figure.</param>
internal sealed record CriterionRow(Criterion Criterion, string What, string From, CriterionMetric Metric, double Value)
{
    /// <summary>Whether the trait is one that both modalities show; null where it is not of a trait.</summary>
    public bool? IsShared { get; init; }

    /// <summary>What chance gives; null where that means nothing.</summary>
    public double? Chance { get; init; }

    /// <summary>The classifiers' own figure on real test clips; null where there is none.</summary>
    public double? Ceiling { get; init; }

    /// <summary>95 %, over identities, of draws over draws.</summary>
    public Interval? Interval { get; init; }
}
