using CrossModalVae.Corpora;
using CrossModalVae.Training.Terms;
using static TorchSharp.torch;

namespace CrossModalVae.Training;

/// <summary>
/// What is minimised on a batch: sum over the encoders m of (error([x_face; x_voice], D(z_m)) + beta KL(q_m || N(0, I))) + lambda alignment
/// + contrast + weighted terms (MS-VAE, Zhu et al. 2021, with optional terms that tell people apart); without a bound the last three alone.
/// Reconstruction is the mean over the present features; KL and
/// alignment are summed over dimensions and averaged over clips. A clip with one modality contributes its own encoder's bound on that
/// modality; alignment and contrast need both.
/// </summary>
internal static class Objective
{
    /// <summary>All terms of a batch, in the order of <see cref="LossTerms"/>, and their weights for a mean over batches.</summary>
    /// <param name="Total">A scalar, with gradients where the batch has clips for a term.</param>
    /// <param name="Terms">[<see cref="LossTerms.Count"/> and the recipe's terms] without gradients; a term without clips is 0.</param>
    /// <param name="Weights">How many clips each term is a mean over.</param>
    public readonly record struct Result(Tensor Total, Tensor Terms, double[] Weights);

    /// <summary>The names of what MS-VAE's relatives log; of MMVAE's bounds the whole is the first.</summary>
    private static readonly string[] RelativeNames = ["reconstruction", "divergence"];

    /// <summary>The names of the places after <see cref="LossTerms.Count"/>: a relative's bound, and the recipe's terms.</summary>
    public static IReadOnlyList<string> NamesOf(ObjectiveOptions options, IReadOnlyList<ObjectiveTerm> terms) =>
    [
        .. options.HasDecoder && options.Bound != BoundKind.MsVae ? RelativeNames : [],
        .. terms.Select(term => term.Name),
    ];

    /// <summary>
    /// beta of a one-based epoch, Beta * min(1, (epoch - 1) / BetaWarmUpEpochs), or Beta from the first without warm-up: the KL term starts
    /// at 0, so that the encoders learn something before the prior pulls (Sonderby et al. 2016).
    /// </summary>
    public static double BetaOf(ObjectiveOptions options, int epoch) =>
        options.BetaWarmUpEpochs == 0 ? options.Beta : options.Beta * Math.Min(1.0, (epoch - 1.0) / options.BetaWarmUpEpochs);

    public static Result Evaluate(
        MultimodalVae model,
        PairBatch batch,
        ObjectiveOptions options,
        double beta,
        TrainingNoise noise,
        bool dropout,
        IReadOnlyList<ObjectiveTerm>? terms = null)
    {
        terms ??= [];
        TrainingNoise? dropped = dropout ? noise : null;
        long d = model.Options.LatentDimension;
        long complete = batch.CompleteCount;
        bool isRelative = options.HasDecoder && options.Bound != BoundKind.MsVae;
        int firstTerm = LossTerms.Count + (isRelative ? RelativeNames.Length : 0);
        var values = new Tensor?[firstTerm + terms.Count];
        var weights = new double[values.Length];
        (GaussianPosterior? qVoice, Tensor? hVoice) = Encode(Modality.Voice, batch.Voice); // [Bv, D], [Bv, H]
        (GaussianPosterior? qFace, Tensor? hFace) = Encode(Modality.Face, batch.Face); // [Bf, D], [Bf, H]
        bool isConditional = options.Bound == BoundKind.Conditional;
        GaussianPosterior? wVoice = Private(Modality.Voice, hVoice, qFace); // [Bv, P], conditional [C, P], or none
        GaussianPosterior? wFace = Private(Modality.Face, hFace, qVoice); // [Bf, P], conditional [C, P], or none
        bool bounded = options.HasPosteriors;
        Tensor? zVoice = bounded ? qVoice?.Sample(noise.Draw(options.Posterior, batch.VoiceCount, d)) : qVoice?.Mean; // [Bv, D]
        Tensor? zFace = bounded ? qFace?.Sample(noise.Draw(options.Posterior, batch.FaceCount, d)) : qFace?.Mean; // [Bf, D]
        var total = new List<Tensor>();
        if (isRelative)
        {
            AddRelative();
        }
        else if (bounded)
        {
            // Both encoders' samples go through the decoder at once.
            Tensor[] samples = [.. new[] { zVoice, zFace }.OfType<Tensor>()];
            Tensor decoded = model.Decode(samples.Length == 1 ? samples[0] : cat(samples, 0), dropped); // [Bv + Bf, Ff + Fv]
            if (qVoice is not null)
            {
                AddBound(LossTerms.VoiceEncoder, qVoice, decoded, firstRow: 0, faces: complete, voices: batch.VoiceCount);
            }

            if (qFace is not null)
            {
                AddBound(LossTerms.FaceEncoder, qFace, decoded, firstRow: batch.VoiceCount, faces: batch.FaceCount, voices: complete);
            }
        }

        if (complete > 0)
        {
            GaussianPosterior pairedVoice = qVoice!.Rows(0, complete);
            GaussianPosterior pairedFace = qFace!.Rows(0, complete);
            Tensor? alignment = options.Alignment switch
            {
                AlignmentKind.SampleL2 => Alignment.SampleL2(zVoice!.narrow(0, 0, complete), zFace!.narrow(0, 0, complete)),
                AlignmentKind.GaussianWasserstein => Alignment.GaussianWasserstein(pairedVoice, pairedFace),
                _ => null,
            };
            AddPaired(LossTerms.Alignment, alignment, options.AlignmentWeight);
            Tensor? contrast = options.ContrastWeight > 0.0
                ? Contrast.SymmetricInfoNce(pairedVoice.Mean, pairedFace.Mean, options.ContrastTemperature, batch.Identities)
                : null;
            AddPaired(LossTerms.Contrast, contrast, options.ContrastWeight);
        }

        if (terms.Count > 0)
        {
            var seen = new TermBatch(
                Rows(qVoice, zVoice, batch.VoiceClips), Rows(qFace, zFace, batch.FaceClips), (int)complete, noise);
            foreach ((int index, ObjectiveTerm term) in terms.Index())
            {
                if (term.Evaluate(seen) is TermValue own)
                {
                    Set(firstTerm + index, own.Value, own.Rows);
                    total.Add(own.Value.Times(term.Weight));
                }
            }
        }

        Tensor zero = tensor(0f, device: (zVoice ?? zFace)!.device);
        Tensor sum = total.Count == 0 ? zero : total.Aggregate(TensorArithmetic.Plus); // []
        Set(LossTerms.Total, total.Count == 0 ? null : sum, total.Count == 0 ? 0 : batch.VoiceCount + batch.FaceCount - complete);
        Tensor all = stack(values.Select(value => value is null ? zero : value.detach()), 0); // [Count and terms]
        return new Result(sum, all, weights);

        (GaussianPosterior? Posterior, Tensor? Hidden) Encode(Modality modality, Tensor? x)
        {
            if (x is null)
            {
                return (null, null);
            }

            (GaussianPosterior posterior, Tensor hidden) = model.EncodeHidden(modality, x, dropped);
            return (posterior.Bounded(), hidden);
        }

        // Of the conditional bound that of pairs only: without the other modality there is no condition.
        GaussianPosterior? Private(Modality modality, Tensor? hidden, GaussianPosterior? other) =>
            hidden is null || (isConditional && complete == 0) ? null
            : isConditional ? model.Private(modality, hidden.narrow(0, 0, complete), other!.Mean.narrow(0, 0, complete))?.Bounded()
            : model.Private(modality, hidden)?.Bounded();

        static TermRows? Rows(GaussianPosterior? q, Tensor? z, IReadOnlyList<Clip> clips) =>
            q is null ? null : new TermRows(q.Mean, z!, clips);

        // One encoder's negative bound: reconstruction of what is present + beta KL.
        void AddBound(int first, GaussianPosterior q, Tensor decoded, long firstRow, long faces, long voices)
        {
            (long ff, long fv) = (model.FaceLength, model.VoiceLength);
            Tensor? faceError = faces == 0
                ? null
                : Likelihood.Errors(
                    options.FaceLikelihood,
                    decoded.narrow(0, firstRow, faces).narrow(1, 0, ff),
                    batch.Face!.narrow(0, 0, faces).flatten(1)).sum(); // []
            Tensor? voiceError = voices == 0
                ? null
                : Likelihood.Errors(
                    options.VoiceLikelihood,
                    decoded.narrow(0, firstRow, voices).narrow(1, ff, fv),
                    batch.Voice!.narrow(0, 0, voices).flatten(1)).sum(); // []
            Tensor error = faceError is null ? voiceError! : voiceError is null ? faceError : faceError.Plus(voiceError!); // []
            Tensor reconstruction = error.Over((faces * ff) + (voices * fv)); // []
            Tensor kl = Elbo.KullbackLeibler(q, options.FreeBits); // []
            Set(first + LossTerms.FaceReconstruction, faceError is null ? null : faceError.Over(faces * ff), faces);
            Set(first + LossTerms.VoiceReconstruction, voiceError is null ? null : voiceError.Over(voices * fv), voices);
            Set(first + LossTerms.Reconstruction, reconstruction, q.Mean.shape[0]);
            Set(first + LossTerms.Kl, kl, q.Mean.shape[0]);
            total.Add(reconstruction.Plus(kl.Times(beta))); // []
        }

        // Another bound on the complete pairs; a clip with one modality has its own encoder's bound on that modality, as everywhere.
        void AddRelative()
        {
            long voices = batch.VoiceCount - complete, faces = batch.FaceCount - complete;
            var parts = new List<(Bounds.Value Value, long Rows)>();
            if (complete > 0)
            {
                parts.Add((Paired(qVoice!.Rows(0, complete), qFace!.Rows(0, complete)), complete));
            }

            if (voices > 0 && !isConditional)
            {
                Tensor x = batch.Voice!.narrow(0, complete, voices);
                GaussianPosterior q = qVoice!.Rows(complete, voices); // [voices, D]
                parts.Add((Lone(Modality.Voice, q, wVoice?.Rows(complete, voices), z => Errors(z, x, null)), voices));
            }

            if (faces > 0 && !isConditional)
            {
                Tensor x = batch.Face!.narrow(0, complete, faces);
                GaussianPosterior q = qFace!.Rows(complete, faces); // [faces, D]
                parts.Add((Lone(Modality.Face, q, wFace?.Rows(complete, faces), z => Errors(z, null, x)), faces));
            }

            long rows = parts.Sum(part => part.Rows);
            if (rows == 0)
            {
                return; // no pair, and a conditional bound
            }

            Tensor Mean(Func<Bounds.Value, Tensor> of) =>
                parts.Select(part => of(part.Value).Times((double)part.Rows / rows)).Aggregate(TensorArithmetic.Plus); // []
            (Tensor reconstruction, Tensor divergence) = (Mean(value => value.Reconstruction), Mean(value => value.Divergence));
            Set(LossTerms.Count, reconstruction, rows);
            Set(LossTerms.Count + 1, divergence, rows);
            total.Add(reconstruction.Plus(divergence.Times(beta)));
        }

        Bounds.Value Paired(GaussianPosterior pairedVoice, GaussianPosterior pairedFace)
        {
            Bounds.Errors errors = (z, voice, face) => Errors(
                z,
                voice ? batch.Voice!.narrow(0, 0, complete) : null,
                face ? batch.Face!.narrow(0, 0, complete) : null);
            long k = options.ImportanceSamples;
            PosteriorKind kind = options.Posterior;
            return options.Bound switch
            {
                BoundKind.Mvae => Bounds.Mvae(pairedVoice, pairedFace, errors, Sample),
                BoundKind.Mopoe => Bounds.Mopoe(pairedVoice, pairedFace, errors, Sample),
                BoundKind.Mvtcae => Bounds.Mvtcae(pairedVoice, pairedFace, errors, Sample),
                BoundKind.Crmvae => Bounds.Crmvae(pairedVoice, pairedFace, errors, Sample),
                BoundKind.Mmvae => Whole(Bounds.Iwae(pairedVoice, pairedFace, errors, Samples, beta, kind)),
                BoundKind.MmvaeDreg => Whole(Bounds.Dreg(pairedVoice, pairedFace, errors, Samples, beta, kind)),
                BoundKind.MmvaePlus => Whole(Bounds.MmvaePlus(
                    new(pairedVoice, wVoice!.Rows(0, complete)),
                    new(pairedFace, wFace!.Rows(0, complete)),
                    model.PrivatePrior(Modality.Voice, complete),
                    model.PrivatePrior(Modality.Face, complete),
                    errors,
                    Samples,
                    beta,
                    kind)),
                BoundKind.Dmvae => Bounds.Dmvae(
                    new(pairedVoice, wVoice!.Rows(0, complete)), new(pairedFace, wFace!.Rows(0, complete)), errors, Sample),
                BoundKind.Conditional => Bounds.Conditional(pairedVoice.Mean, pairedFace.Mean, wVoice!, wFace!, errors, Sample),
                _ => throw new ArgumentOutOfRangeException(nameof(options), options.Bound, "The bound has no implementation."),
            };

            static Bounds.Value Whole(Tensor bound) => new(bound, zeros_like(bound)); // its two parts do not come apart

            Tensor Samples(GaussianPosterior q)
            {
                long width = q.Mean.shape[1];
                return q.Sample(noise.Draw(kind, k * complete, width).reshape(k, complete, width)); // [K, C, D]
            }
        }

        // The other modality's private part, which is not decoded here, is 0.
        Bounds.Value Lone(Modality modality, GaussianPosterior own, GaussianPosterior? w, Func<Tensor, Tensor> errors)
        {
            GaussianPosterior q = options.Bound == BoundKind.Mvae ? Experts.Product(true, own) : own;
            Tensor z = Sample(q), kl = Elbo.KullbackLeibler(q, options.Posterior); // [B, D], []
            if (w is not null)
            {
                Tensor sampled = Sample(w), none = zeros_like(sampled); // [B, P] each
                z = cat(modality == Modality.Voice ? [z, sampled, none] : [z, none, sampled], 1); // [B, D + 2 P]
                kl = kl.Plus(Elbo.KullbackLeibler(w, options.Posterior)); // []
            }

            return new Bounds.Value(errors(z).mean(), kl);
        }

        Tensor Sample(GaussianPosterior q) => q.Sample(noise.Draw(options.Posterior, q.Mean.shape[0], q.Mean.shape[1])); // [B, D]

        // Mean errors of each row of z over the features of what is given, whose rows come again where z has more.
        Tensor Errors(Tensor z, Tensor? voice, Tensor? face)
        {
            Tensor both = model.Decode(z, dropped); // [n, Ff + Fv]
            Tensor[] errors =
            [
                .. face is null ? Array.Empty<Tensor>() : [Of(face, options.FaceLikelihood, 0)],
                .. voice is null ? Array.Empty<Tensor>() : [Of(voice, options.VoiceLikelihood, model.FaceLength)],
            ];
            return (errors.Length == 1 ? errors[0] : cat(errors, 2)).mean([2]).flatten(); // [n]

            Tensor Of(Tensor x, LikelihoodKind kind, long first)
            {
                Tensor flat = x.flatten(1); // [C, F]
                (long c, long f) = (flat.shape[0], flat.shape[1]);
                return Likelihood.Errors(kind, both.narrow(1, first, f).reshape(-1, c, f), flat); // [n / C, C, F]
            }
        }

        void AddPaired(int index, Tensor? term, double weight)
        {
            if (term is not null)
            {
                Set(index, term, complete);
                total.Add(term.Times(weight));
            }
        }

        void Set(int index, Tensor? value, long clips) => (values[index], weights[index]) = (value, clips);
    }
}
