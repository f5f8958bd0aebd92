using static TorchSharp.torch;

namespace CrossModalVae.Training;

/// <summary>
/// The bounds of MS-VAE's relatives on clips with both modalities, each a pure function of the two posteriors in its paper's symbols. f, v
/// are the modalities, M = 2, N the prior N(0, I), or of
/// Laplace its like. -log p(x_S | z) is the mean error (<see cref="Likelihood"/>) over the features of the
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

    /// <summary>What an encoder says of the shared and of its private part.</summary>
    public readonly record struct SharedAndPrivate(GaussianPosterior Shared, GaussianPosterior Private);

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
        GaussianPosterior qVoice,
        GaussianPosterior qFace,
        Errors errors,
        Func<GaussianPosterior, Tensor> samples,
        double beta,
        PosteriorKind kind = PosteriorKind.Gaussian) => Both(qVoice, qFace, q =>
        {
            Tensor z = samples(q); // [K, B, D]
            Tensor lw = LogWeights(z, z, qVoice, qFace, errors, beta, kind); // [K, B]
            return lw.logsumexp(0).Minus(Math.Log(lw.shape[0])).mean(); // []
        }).Times(-0.5 * beta);

    /// <summary>
    /// MMVAE's doubly reparameterised gradient (Tucker et al. 2019; Shi et al. 2019, appendix C): as the importance-weighted bound, with
    /// the posteriors' densities constant and the gradient that reaches z multiplied by the normalised weight once more. The value is -1/2
    /// sum over m of the mean over clips of sum over k of w lw, times beta. Where both posteriors are equal its gradient is the bound's in
    /// the mean; where they differ the authors' estimator, which this is, leaves out how the other expert's density moves.
    /// </summary>
    public static Tensor Dreg(
        GaussianPosterior qVoice,
        GaussianPosterior qFace,
        Errors errors,
        Func<GaussianPosterior, Tensor> samples,
        double beta,
        PosteriorKind kind = PosteriorKind.Gaussian)
    {
        GaussianPosterior fixedVoice = qVoice.Detached(), fixedFace = qFace.Detached();
        return Both(qVoice, qFace, q =>
        {
            Tensor z = samples(q); // [K, B, D]
            Tensor w; // [K, B]
            using (no_grad())
            {
                w = LogWeights(z, z, fixedVoice, fixedFace, errors, beta, kind).softmax(0);
            }

            Tensor share = w.unsqueeze(2); // [K, B, 1]
            Tensor slowed = (z * share).Plus(z.detach() * share.neg().Plus(1.0)); // [K, B, D] the value of z, w times its gradient
            return (w * LogWeights(slowed, slowed, fixedVoice, fixedFace, errors, beta, kind)).sum([0]).mean(); // []
        }).Times(-0.5 * beta);
    }

    /// <summary>
    /// MMVAE+ (Palumbo, Daunhawer, Vogt 2023, equation 4): MMVAE with u, the shared, and w_m, the private parts of z. For each m: u ~
    /// q_m(u), w_m ~ q_m(w), w_n ~ r_n of the other modality n, so that n cannot be decoded from what m's encoder says of n alone; lw = log
    /// p(x_m | u, w_m) + log p(x_n | u, w_n) + log p(u) + log p(w_m) - log[(q_f(u) + q_v(u)) / 2] - log q_m(w_m); -1/2 sum over m of the
    /// mean over clips of log 1/K sum over k of exp(lw), with -log p(x | z) = error / beta; times beta, a scalar. z = [u, w_voice, w_face].
    /// </summary>
    public static Tensor MmvaePlus(
        SharedAndPrivate voice,
        SharedAndPrivate face,
        GaussianPosterior rVoice,
        GaussianPosterior rFace,
        Errors errors,
        Func<GaussianPosterior, Tensor> samples,
        double beta,
        PosteriorKind kind = PosteriorKind.Gaussian)
    {
        Tensor ofVoice = LogMeanExp(voice, (u, w) => [u, w, samples(rFace)]);
        Tensor ofFace = LogMeanExp(face, (u, w) => [u, samples(rVoice), w]);
        return ofVoice.Plus(ofFace).Times(-0.5 * beta); // []

        Tensor LogMeanExp(SharedAndPrivate q, Func<Tensor, Tensor, Tensor[]> parts)
        {
            Tensor u = samples(q.Shared), w = samples(q.Private); // [K, B, D], [K, B, P]
            Tensor lw = LogWeights(u, cat(parts(u, w), 2), voice.Shared, face.Shared, errors, beta, kind)
                .Plus(Experts.LogPrior(w, kind)) - Experts.LogDensity(q.Private, w, kind); // [K, B]
            return lw.logsumexp(0).Minus(Math.Log(lw.shape[0])).mean(); // []
        }
    }

    /// <summary>
    /// DMVAE (Lee, Pavlovic 2021, equation 3, as MultiVae sums it): sum over S in {f, v}, {f}, {v} of -log p(x_f, x_v | u_S, w_f, w_v) +
    /// beta [KL(q_S(u) || N) + sum over m of KL(q_m(w) || N)], u_S ~ q_S, the product of both and the prior, or one expert; w_m ~ q_m(w),
    /// so that x_n is decoded from the other's u, too. z = [u, w_voice, w_face].
    /// </summary>
    public static Value Dmvae(SharedAndPrivate voice, SharedAndPrivate face, Errors errors, Sample sample)
    {
        GaussianPosterior[] shared = [Experts.Product(true, voice.Shared, face.Shared), voice.Shared, face.Shared];
        Tensor ofPrivate = Elbo.KullbackLeibler(voice.Private).Plus(Elbo.KullbackLeibler(face.Private)); // []
        return new Value(
            shared.Select(q => errors(cat([sample(q), sample(voice.Private), sample(face.Private)], 1), true, true).mean())
                .Aggregate(TensorArithmetic.Plus),
            shared.Select(q => Elbo.KullbackLeibler(q).Plus(ofPrivate)).Aggregate(TensorArithmetic.Plus));
    }

    /// <summary>
    /// The conditional VAE (Sohn, Lee, Yan 2015, equation 4), each modality the other's condition: sum over the targets x of -log p(x | z,
    /// c) + beta KL(q(z | x, c) || p(z)), c the embedding of the other modality, without noise, and p(z) = N(0, I), independent of c as the
    /// paper allows. A point that is decoded is [c, z_voice, z_face], the part that is not the target's 0.
    /// </summary>
    public static Value Conditional(
        Tensor cVoice, Tensor cFace, GaussianPosterior zVoice, GaussianPosterior zFace, Errors errors, Sample sample)
    {
        Tensor none = zeros_like(zVoice.Mean); // [B, P]
        return new Value(
            errors(cat([cVoice, none, sample(zFace)], 1), false, true).mean()
                .Plus(errors(cat([cFace, sample(zVoice), none], 1), true, false).mean()),
            Elbo.KullbackLeibler(zFace).Plus(Elbo.KullbackLeibler(zVoice)));
    }

    private static Tensor Both(GaussianPosterior qVoice, GaussianPosterior qFace, Func<GaussianPosterior, Tensor> ofOne) =>
        ofOne(qVoice).Plus(ofOne(qFace));

    // log p(x_f, x_v | z) + log p(u) - log[(q_f(u) + q_v(u)) / 2], [K, B] of u [K, B, D] and z, u itself or with private parts.
    private static Tensor LogWeights(
        Tensor u, Tensor z, GaussianPosterior qVoice, GaussianPosterior qFace, Errors errors, double beta, PosteriorKind kind)
    {
        (long k, long b) = (z.shape[0], z.shape[1]);
        Tensor likelihood = errors(z.flatten(0, 1), true, true).reshape(k, b).Over(-beta); // [K, B]
        Tensor experts = stack([Experts.LogDensity(qVoice, u, kind), Experts.LogDensity(qFace, u, kind)], 0); // [2, K, B]
        Tensor mixture = experts.logsumexp(0).Minus(Math.Log(2.0)); // [K, B]
        return likelihood.Plus(Experts.LogPrior(u, kind)) - mixture;
    }
}
