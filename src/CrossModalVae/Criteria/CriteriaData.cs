using CrossModalVae.Corpora;
using CrossModalVae.Recipes;

namespace CrossModalVae.Criteria;

/// <summary>One modality of N clips, each row standardised as in training.</summary>
/// <param name="Examples">[N, F] what the decoder restores.</param>
/// <param name="Means">[N, D] the posteriors' means.</param>
/// <param name="LogVariances">[N, D] the posteriors' log-variances.</param>
internal sealed record CriteriaSide(float[][] Examples, float[][] Means, float[][] LogVariances);

/// <summary>What the criteria are measured on: clips with both modalities, and the decoder.</summary>
/// <param name="Clips">N clips.</param>
/// <param name="Voice">Their voices.</param>
/// <param name="Face">Their faces.</param>
/// <param name="Decode">D of points [D]: standardised faces and voices.</param>
/// <param name="Summarise">What classifiers take of an example: its numbers, of frames their mean and deviation over time.</param>
/// <param name="Joint">How the joint posterior is made of the two.</param>
internal sealed record CriteriaData(
    IReadOnlyList<Clip> Clips,
    CriteriaSide Voice,
    CriteriaSide Face,
    Func<IReadOnlyList<float[]>, (float[][] Faces, float[][] Voices)> Decode,
    Func<Modality, float[], float[]> Summarise,
    JointProposal Joint)
{
    /// <summary>
    /// Dimensions of the private parts that follow the D shared ones of a point; D alone decodes with these at their mean.
    /// </summary>
    public int PrivateDimensions { get; init; }

    /// <summary>The family of posteriors and prior.</summary>
    public PosteriorKind Posterior { get; init; }

    public CriteriaSide Of(Modality modality) => modality == Modality.Voice ? Voice : Face;
}

/// <summary>The joint posterior of a bound, as its paper has it.</summary>
internal enum JointProposal
{
    /// <summary>The equal mixture of both (MS-VAE, MMVAE, MMVAE+).</summary>
    Mixture,

    /// <summary>The product of both (MVTCAE, CRMVAE).</summary>
    Product,

    /// <summary>The product of both and the prior (MVAE, DMVAE).</summary>
    ProductWithPrior,

    /// <summary>The equal mixture of each and of the product with the prior (MoPoE).</summary>
    MixtureOfProducts,
}

/// <summary>How much is computed.</summary>
internal sealed record CriteriaOptions
{
    /// <summary>K of the importance-weighted bounds.</summary>
    public int ImportanceSamples { get; init; } = 1000;

    /// <summary>Draws from the prior.</summary>
    public int PriorDraws { get; init; } = 1000;

    /// <summary>Test clips whose likelihood is estimated, each of another person where there are as many.</summary>
    public int LikelihoodClips { get; init; } = 160;

    /// <summary>Bootstrap draws of identities.</summary>
    public int Draws { get; init; } = 1000;

    public long Seed { get; init; } = 1;
}
