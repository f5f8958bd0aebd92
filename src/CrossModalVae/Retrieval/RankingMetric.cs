namespace CrossModalVae.Retrieval;

/// <summary>What nearness means in a ranking. Scores are higher for nearer rows, whatever the metric.</summary>
public enum RankingMetric
{
    /// <summary>The cosine of the two means, -1 to 1; 0 where one of them is all zeros.</summary>
    Cosine,

    /// <summary>The inner product of the two means.</summary>
    InnerProduct,

    /// <summary>The negative Euclidean distance of the two means.</summary>
    Euclidean,

    /// <summary>
    /// The negative 2-Wasserstein distance of the two posteriors, Gaussians with independent dimensions:
    /// -sqrt(sum (mu1 - mu2)^2 + sum (sigma1 - sigma2)^2). Needs standard deviations.
    /// </summary>
    GaussianWasserstein,

    /// <summary>
    /// MS-VAE's score (after Zhu et al., arXiv 2102.03424): -(1/2 |mu1 - mu2| + 1/2 MSE(x1, x2)), x the shared decoder's output, face and
    /// voice, for a mean. Needs reconstructions.
    /// </summary>
    MsVae,
}
