using System.Text.Json.Serialization;
using CrossModalVae.Recipes.Terms;

namespace CrossModalVae.Recipes;

/// <summary>The bound whose negative is minimised, beside alignment, contrast and terms.</summary>
public enum BoundKind
{
    /// <summary>MS-VAE's: one encoder a modality, each z decoded into both modalities (Zhu et al. 2021).</summary>
    MsVae,

    /// <summary>MVAE: products of experts, sub-sampled (Wu, Goodman 2018).</summary>
    Mvae,

    /// <summary>MMVAE: a mixture of experts, the importance-weighted bound of several samples (Shi et al. 2019).</summary>
    Mmvae,

    /// <summary>MMVAE by the doubly reparameterised gradient of that bound.</summary>
    MmvaeDreg,

    /// <summary>MoPoE: a mixture of products of experts (Sutter, Daunhawer, Vogt 2021).</summary>
    Mopoe,

    /// <summary>MVTCAE: a product of experts held to each expert (Hwang et al. 2021).</summary>
    Mvtcae,

    /// <summary>CRMVAE: reconstructions from the product and from each expert (Suzuki, Matsuo 2023).</summary>
    Crmvae,

    /// <summary>
    /// MMVAE+: a shared and a private part of the latent space a modality, two decoders (Palumbo, Daunhawer, Vogt 2023).
    /// </summary>
    MmvaePlus,

    /// <summary>DMVAE: shared and private parts, a product of experts over the shared one (Lee, Pavlovic 2021).</summary>
    Dmvae,

    /// <summary>
    /// The conditional VAE: each modality generated given the other's embedding and a private part (Sohn, Lee, Yan 2015).
    /// </summary>
    Conditional,

    /// <summary>
    /// None: no reconstruction and no KL. Only terms that tell people apart are minimised; the encoders' log-variances are fixed at 0, and
    /// there is no decoder to train or to use.
    /// </summary>
    None,

    /// <summary>
    /// None: ridge canonical correlation analysis, fitted in closed form to linear encoders; its ridge, directions and scaling are chosen
    /// by cross-validation over identities. Nothing is trained by steps.
    /// </summary>
    RidgeCca,
}

/// <summary>The family of posteriors and of the prior.</summary>
public enum PosteriorKind
{
    /// <summary>Normal; the prior is N(0, I).</summary>
    Gaussian,

    /// <summary>Laplace, one a dimension; the prior has mean 0 and variance 1, scale 1/sqrt(2).</summary>
    Laplace,
}

/// <summary>p(x|z) of a modality's features: what the decoder's numbers are, and how far a clip is from them.</summary>
public enum LikelihoodKind
{
    /// <summary>Normal with variance 1/2 around the decoder's mean: the squared error.</summary>
    Gaussian,

    /// <summary>Laplace with the same variance, scale 1/2, around the mean: twice the absolute error, which outliers move less.</summary>
    Laplace,

    /// <summary>Bernoulli of features in [0, 1], as pixels: cross-entropy; the decoder gives probabilities.</summary>
    Bernoulli,
}

/// <summary>The term that pulls q(z|voice) and q(z|face) of one identity together.</summary>
public enum AlignmentKind
{
    /// <summary>No such term.</summary>
    None,

    /// <summary>Squared distance of the two samples (upstream's code).</summary>
    SampleL2,

    /// <summary>Closed-form squared 2-Wasserstein distance of the two diagonal Gaussians.</summary>
    GaussianWasserstein,
}

/// <summary>
/// The objective of a recipe: sum over the encoders of (reconstruction + beta KL) + lambda alignment + contrast. Defaults are the report's.
/// Reconstruction is the mean over clips and features of the squared error in standardised units (or of another
/// likelihood's error); KL and alignment are sums over the latent dimensions, means over clips; contrast is in nats, the mean of both
/// directions.
/// </summary>
public sealed record ObjectiveOptions
{
    /// <summary>Weight of the KL term after warm-up, at least 0. Default 0.1.</summary>
    public double Beta { get; init; } = 0.1;

    /// <summary>
    /// W, epochs over which beta grows linearly: epoch e (one-based) has Beta * min(1, (e - 1) / W); 0 means full beta from the start.
    /// Default 0.
    /// </summary>
    public int BetaWarmUpEpochs { get; init; }

    /// <summary>The alignment term. Default the Gaussian 2-Wasserstein distance.</summary>
    public AlignmentKind Alignment { get; init; } = AlignmentKind.GaussianWasserstein;

    /// <summary>lambda, weight of the alignment term, at least 0. Default 1.</summary>
    public double AlignmentWeight { get; init; } = 1.0;

    /// <summary>Weight of symmetric InfoNCE on the posterior means, at least 0; 0 turns it off (the report). Default 0.</summary>
    public double ContrastWeight { get; init; }

    /// <summary>InfoNCE's temperature on cosine similarities, above 0. Default 0.1.</summary>
    public double ContrastTemperature { get; init; } = 0.1;

    /// <summary>The bound. Default MS-VAE's.</summary>
    [JsonPropertyOrder(1)]
    public BoundKind Bound { get; init; } = BoundKind.MsVae;

    /// <summary>q(z|x) and p(z). Default Gaussian; Laplace for MMVAE, as its paper has it, and MMVAE+.</summary>
    [JsonPropertyOrder(1)]
    public PosteriorKind Posterior { get; init; }

    /// <summary>p(voice|z). Default Gaussian.</summary>
    [JsonPropertyOrder(1)]
    public LikelihoodKind VoiceLikelihood { get; init; }

    /// <summary>p(face|z). Default Gaussian.</summary>
    [JsonPropertyOrder(1)]
    public LikelihoodKind FaceLikelihood { get; init; }

    /// <summary>Terms that are added to the sum, each with its weight and options; empty for none. Default empty.</summary>
    [JsonPropertyOrder(1)]
    public IReadOnlyList<TermOptions> Terms
    {
        get;
        init => field = value is { Count: 0 } ? [] : value; // one empty list, so that records without terms are equal
    } = [];

    /// <summary>
    /// Nats of each latent dimension, mean over a batch, that the KL term does not count (Kingma et al. 2016, equation 15), at least 0; it
    /// keeps posteriors from collapsing. Default 0.
    /// </summary>
    [JsonPropertyOrder(1)]
    public double FreeBits { get; init; }

    /// <summary>K, samples of a posterior in the bounds of MMVAE and MMVAE+, at least 1. Default 10.</summary>
    [JsonPropertyOrder(1)]
    public int ImportanceSamples { get; init; } = 10;

    /// <summary>Principal components of each modality that canonical correlation analysis works on, at most. Default 256.</summary>
    [JsonPropertyOrder(1)]
    public int CcaComponents { get; init; } = 256;

    /// <summary>Folds of identities by which canonical correlation analysis is tuned, at least 2. Default 5.</summary>
    [JsonPropertyOrder(1)]
    public int CcaFolds { get; init; } = 5;

    /// <summary>Whether training gives a decoder; one that was not trained is not exported.</summary>
    internal bool HasDecoder => Bound is not (BoundKind.None or BoundKind.RidgeCca);

    /// <summary>Whether the latent space has private parts, <see cref="ModelOptions.PrivateDimension"/>.</summary>
    internal bool HasPrivateParts => Bound is BoundKind.MmvaePlus or BoundKind.Dmvae or BoundKind.Conditional;

    /// <summary>Whether embeddings are means of posteriors; else they are points, whose log-variance is 0.</summary>
    internal bool HasPosteriors => HasDecoder && Bound != BoundKind.Conditional;

    /// <summary>Whether samples are weighed by their likelihood: a mixture's importance-weighted bound.</summary>
    internal bool IsImportanceWeighted => Bound is BoundKind.Mmvae or BoundKind.MmvaeDreg or BoundKind.MmvaePlus;

    /// <summary>p(x|z) of a modality.</summary>
    internal LikelihoodKind LikelihoodOf(Modality modality) => modality == Modality.Voice ? VoiceLikelihood : FaceLikelihood;

    /// <summary>Reports every fault of these options at once.</summary>
    /// <exception cref="ArgumentException">A value is out of range; the message lists all faults.</exception>
    public void Validate()
    {
        var faults = new OptionFaults();
        faults.AtLeast(Beta, 0);
        faults.AtLeast(BetaWarmUpEpochs, 0);
        faults.OneOf(Alignment);
        faults.AtLeast(AlignmentWeight, 0);
        faults.AtLeast(ContrastWeight, 0);
        faults.Above(ContrastTemperature, 0);
        faults.OneOf(Bound);
        faults.OneOf(Posterior);
        if (Posterior == PosteriorKind.Laplace && !IsImportanceWeighted)
        {
            faults.Add(
                $"'Posterior' is Laplace and 'Bound' {Bound}, which needs Gaussians; Mmvae, MmvaeDreg and MmvaePlus take Laplace.");
        }

        faults.OneOf(VoiceLikelihood);
        faults.OneOf(FaceLikelihood);
        if (!HasDecoder && (VoiceLikelihood, FaceLikelihood) != default)
        {
            faults.Add(
                $"'VoiceLikelihood' is {VoiceLikelihood} and 'FaceLikelihood' {FaceLikelihood}, and 'Bound' {Bound} has no decoder.");
        }

        faults.AtLeast(FreeBits, 0);
        faults.AtLeast(ImportanceSamples, 1);
        faults.AtLeast(CcaComponents, 1);
        if (IsImportanceWeighted && (Beta == 0 || BetaWarmUpEpochs > 0))
        {
            faults.Add($"'Bound' is {Bound}, which weighs samples by their likelihood at 'Beta': it must be > 0, without warm-up.");
        }

        if (FreeBits > 0 && Bound != BoundKind.MsVae)
        {
            faults.Add($"'FreeBits' is above 0 and 'Bound' {Bound}; only MsVae has them.");
        }

        faults.AtLeast(CcaFolds, 2);
        foreach ((int index, TermOptions term) in Terms.Index())
        {
            faults.Nested($"terms[{index}]", term.Validate);
        }

        faults.ThrowIfAny();
    }
}
