using static TorchSharp.torch;

namespace CrossModalVae.Training;

/// <summary>
/// The bounds of MS-VAE's relatives on clips with both modalities, each a pure function of the two posteriors in its paper's symbols. f, v
/// are the modalities, M = 2, N the prior N(0, I). -log p(x_S | z) is the mean error (<see cref="Likelihood"/>) over the features of the
/// modalities S, as in MS-VAE, so that beta means the same in all of them.
/// </summary>
internal static class Bounds
{
    /// <summary>alpha of MVTCAE, what the experts' own divergences count for (Hwang et al. 2021).</summary>
    public const double TotalCorrelationAlpha = 0.1;

    private const double M = 2.0;

    /// <summary>Errors of the modalities S decoded from z, [n]; rows of z are those of the batch, once or K times over.</summary>
    public delegate Tensor Errors(Tensor z, bool voice, bool face);

    /// <summary>A sample of a posterior, [B, D].</summary>
    public delegate Tensor Sample(GaussianPosterior q);

    /// <summary>The value that is minimised is Reconstruction + beta Divergence; scalars.</summary>
    public readonly record struct Value(Tensor Reconstruction, Tensor Divergence);

    /// <summary>
    /// MVAE, sub-sampled (Wu, Goodman 2018, equation 5): sum over S in {f, v}, {f}, {v} of -log p(x_S | z_S) + beta KL(q_S || N), q_S the
    /// product of S and the prior.
    /// </summary>
    public static Value Mvae(GaussianPosterior qVoice, GaussianPosterior qFace, Errors errors, Sample sample)
    {
        GaussianPosterior joint = Experts.Product(true, qVoice, qFace);
        GaussianPosterior voice = Experts.Product(true, qVoice), face = Experts.Product(true, qFace);
        return new Value(
            errors(sample(joint), true, true).mean()
                .Plus(errors(sample(voice), true, false).mean())
                .Plus(errors(sample(face), false, true).mean()),
            Elbo.KullbackLeibler(joint).Plus(Elbo.KullbackLeibler(voice)).Plus(Elbo.KullbackLeibler(face)));
    }

    /// <summary>
    /// MoPoE (Sutter, Daunhawer, Vogt 2021, equation 6): z from the equal mixture of q_f, q_v and their product (with the prior, as the
    /// authors' code has it); -log p(x_f, x_v | z) + beta mean over the three of KL(q_S || N). Row i is of component i mod 3: the pairs of
    /// a batch are in random order.
    /// </summary>
    public static Value Mopoe(GaussianPosterior qVoice, GaussianPosterior qFace, Errors errors, Sample sample)
    {
        GaussianPosterior[] subsets = [qVoice, qFace, Experts.Product(true, qVoice, qFace)];
        long b = qVoice.Mean.shape[0];
        Tensor component = tensor([.. Enumerable.Range(0, (int)b).Select(row => row % 3L)], device: qVoice.Mean.device); // [B]
        Tensor places = component.reshape(1, b, 1).expand(1, b, qVoice.Mean.shape[1]); // [1, B, D]
        Tensor Mixed(Func<GaussianPosterior, Tensor> part) => stack(subsets.Select(part), 0).gather(0, places).squeeze(0); // [B, D]
        var mixture = new GaussianPosterior(Mixed(q => q.Mean), Mixed(q => q.LogVariance));
        return new Value(
            errors(sample(mixture), true, true).mean(),
            subsets.Select(q => Elbo.KullbackLeibler(q)).Aggregate(TensorArithmetic.Plus).Over(subsets.Length));
    }

    /// <summary>
    /// MVTCAE (Hwang et al. 2021, equation 10, as MultiVae weights it): q the product of both; (M - a)/M -log p(x | z) + beta [a/M sum over
    /// m of KL(q || q_m) + (1 - a) KL(q || N)], a = 0.1.
    /// </summary>
    public static Value Mvtcae(GaussianPosterior qVoice, GaussianPosterior qFace, Errors errors, Sample sample)
    {
        const double A = TotalCorrelationAlpha;
        GaussianPosterior q = Experts.Product(false, qVoice, qFace);
        Tensor own = Experts.KullbackLeibler(q, qVoice).Plus(Experts.KullbackLeibler(q, qFace)); // []
        return new Value(
            errors(sample(q), true, true).mean().Times((M - A) / M), own.Times(A / M).Plus(Elbo.KullbackLeibler(q).Times(1.0 - A)));
    }

    /// <summary>
    /// CRMVAE (Suzuki, Matsuo 2023): q the product of both; sum over m of [-log p(x_m | z ~ q) - log p(x_m | z ~ q_m)] / (2 (M + 1)) + beta
    /// / (M + 1) [KL(q || N) + sum over m of KL(q || q_m)].
    /// </summary>
    public static Value Crmvae(GaussianPosterior qVoice, GaussianPosterior qFace, Errors errors, Sample sample)
    {
        GaussianPosterior q = Experts.Product(false, qVoice, qFace);
        Tensor z = sample(q); // [B, D]
        Tensor reconstruction = errors(z, true, false).Plus(errors(z, false, true))
            .Plus(errors(sample(qVoice), true, false))
            .Plus(errors(sample(qFace), false, true)).mean(); // []
        Tensor divergence = Elbo.KullbackLeibler(q).Plus(Experts.KullbackLeibler(q, qVoice)).Plus(Experts.KullbackLeibler(q, qFace)); // []
        return new Value(reconstruction.Over(2.0 * (M + 1.0)), divergence.Over(M + 1.0));
    }

    /// <summary>
    /// MMVAE (Shi et al. 2019, equation 3): -1/2 sum over m of the mean over clips of log 1/K sum over k of exp(lw), z_k ~ q_m, lw = log
    /// p(x_f, x_v | z) + log p(z) - log[(q_f(z) + q_v(z)) / 2], with -log p(x | z) = error / beta; times beta, a scalar.
    /// </summary>
    public static Tensor Iwae(
        GaussianPosterior qVoice, GaussianPosterior qFace, Errors errors, Func<GaussianPosterior, Tensor> samples, double beta) =>
        Both(qVoice, qFace, q =>
        {
            Tensor lw = LogWeights(samples(q), qVoice, qFace, errors, beta); // [K, B]
            return lw.logsumexp(0).Minus(Math.Log(lw.shape[0])).mean(); // []
        }).Times(-0.5 * beta);

    /// <summary>
    /// MMVAE's doubly reparameterised gradient (Tucker et al. 2019; Shi et al. 2019, appendix C): as the importance-weighted bound, with
    /// the posteriors' densities constant and the gradient that reaches z multiplied by the normalised weight once more. The value is -1/2
    /// sum over m of the mean over clips of sum over k of w lw, times beta. Where both posteriors are equal its gradient is the bound's in
    /// the mean; where they differ the authors' estimator, which this is, leaves out how the other expert's density moves.
    /// </summary>
    public static Tensor Dreg(
        GaussianPosterior qVoice, GaussianPosterior qFace, Errors errors, Func<GaussianPosterior, Tensor> samples, double beta)
    {
        GaussianPosterior fixedVoice = qVoice.Detached(), fixedFace = qFace.Detached();
        return Both(qVoice, qFace, q =>
        {
            Tensor z = samples(q); // [K, B, D]
            Tensor w; // [K, B]
            using (no_grad())
            {
                w = LogWeights(z, fixedVoice, fixedFace, errors, beta).softmax(0);
            }

            Tensor share = w.unsqueeze(2); // [K, B, 1]
            Tensor slowed = (z * share).Plus(z.detach() * share.neg().Plus(1.0)); // [K, B, D] the value of z, w times its gradient
            return (w * LogWeights(slowed, fixedVoice, fixedFace, errors, beta)).sum([0]).mean(); // []
        }).Times(-0.5 * beta);
    }

    private static Tensor Both(GaussianPosterior qVoice, GaussianPosterior qFace, Func<GaussianPosterior, Tensor> ofOne) =>
        ofOne(qVoice).Plus(ofOne(qFace));

    // [K, B]
    private static Tensor LogWeights(Tensor z, GaussianPosterior qVoice, GaussianPosterior qFace, Errors errors, double beta)
    {
        (long k, long b, long d) = (z.shape[0], z.shape[1], z.shape[2]);
        Tensor likelihood = errors(z.reshape(k * b, d), true, true).reshape(k, b).Over(-beta); // [K, B]
        Tensor prior = (z * z).Plus(Math.Log(2.0 * Math.PI)).Times(-0.5).sum(-1); // [K, B]
        Tensor experts = stack([Experts.LogDensity(qVoice, z), Experts.LogDensity(qFace, z)], 0); // [2, K, B]
        Tensor mixture = experts.logsumexp(0).Minus(Math.Log(2.0)); // [K, B]
        return likelihood.Plus(prior) - mixture;
    }
}
