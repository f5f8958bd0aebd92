using static TorchSharp.torch;

namespace CrossModalVae.Training;

/// <summary>
/// What is minimised on a batch: sum over the encoders m of (MSE([x_face; x_voice], D(z_m)) + beta KL(q_m || N(0, I))) + lambda alignment +
/// contrast (MS-VAE, Zhu et al. 2021, with an optional InfoNCE term). Reconstruction is the mean over the present features; KL and
/// alignment are summed over dimensions and averaged over clips. A clip with one modality contributes its own encoder's bound on that
/// modality; alignment and contrast need both.
/// </summary>
internal static class Objective
{
    /// <summary>All terms of a batch, in the order of <see cref="LossTerms"/>, and their weights for a mean over batches.</summary>
    /// <param name="Total">A scalar with gradients.</param>
    /// <param name="Terms">[<see cref="LossTerms.Count"/>] without gradients; a term the batch has no clips for is 0.</param>
    /// <param name="Weights">How many clips each term is a mean over.</param>
    public readonly record struct Result(Tensor Total, Tensor Terms, double[] Weights);

    /// <summary>
    /// beta of a one-based epoch, Beta * min(1, (epoch - 1) / BetaWarmUpEpochs), or Beta from the first without warm-up: the KL term starts
    /// at 0, so that the encoders learn something before the prior pulls (Sonderby et al. 2016).
    /// </summary>
    public static double BetaOf(ObjectiveOptions options, int epoch) =>
        options.BetaWarmUpEpochs == 0 ? options.Beta : options.Beta * Math.Min(1.0, (epoch - 1.0) / options.BetaWarmUpEpochs);

    public static Result Evaluate(
        MultimodalVae model, PairBatch batch, ObjectiveOptions options, double beta, TrainingNoise noise, bool dropout)
    {
        TrainingNoise? dropped = dropout ? noise : null;
        long d = model.Options.LatentDimension;
        long complete = batch.CompleteCount;
        var values = new Tensor?[LossTerms.Count];
        var weights = new double[LossTerms.Count];
        GaussianPosterior? qVoice = batch.Voice is null ? null : model.Encode(Modality.Voice, batch.Voice, dropped).Bounded(); // [Bv, D]
        GaussianPosterior? qFace = batch.Face is null ? null : model.Encode(Modality.Face, batch.Face, dropped).Bounded(); // [Bf, D]
        Tensor? zVoice = qVoice?.Sample(noise.Gaussian(batch.VoiceCount, d)); // [Bv, D]
        Tensor? zFace = qFace?.Sample(noise.Gaussian(batch.FaceCount, d)); // [Bf, D]

        // Both encoders' samples go through the decoder at once.
        Tensor[] samples = [.. new[] { zVoice, zFace }.OfType<Tensor>()];
        Tensor decoded = model.Decode(samples.Length == 1 ? samples[0] : cat(samples, 0), dropped); // [Bv + Bf, Ff + Fv]
        var total = new List<Tensor>();
        if (qVoice is not null)
        {
            AddBound(LossTerms.VoiceEncoder, qVoice, firstRow: 0, faces: complete, voices: batch.VoiceCount);
        }

        if (qFace is not null)
        {
            AddBound(LossTerms.FaceEncoder, qFace, firstRow: batch.VoiceCount, faces: batch.FaceCount, voices: complete);
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

        Tensor sum = total.Aggregate(TensorArithmetic.Plus); // []
        Set(LossTerms.Total, sum, batch.VoiceCount + batch.FaceCount - complete);
        Tensor zero = tensor(0f, device: decoded.device);
        Tensor terms = stack(values.Select(value => value is null ? zero : value.detach()), 0); // [Count]
        return new Result(sum, terms, weights);

        // One encoder's negative bound: reconstruction of what is present + beta KL.
        void AddBound(int first, GaussianPosterior q, long firstRow, long faces, long voices)
        {
            (long ff, long fv) = (model.FaceLength, model.VoiceLength);
            Tensor? faceError = faces == 0
                ? null
                : Elbo.SquaredError(batch.Face!.narrow(0, 0, faces), decoded.narrow(0, firstRow, faces).narrow(1, 0, ff));
            Tensor? voiceError = voices == 0
                ? null
                : Elbo.SquaredError(batch.Voice!.narrow(0, 0, voices), decoded.narrow(0, firstRow, voices).narrow(1, ff, fv));
            Tensor error = faceError is null ? voiceError! : voiceError is null ? faceError : faceError.Plus(voiceError!); // []
            Tensor reconstruction = error.Over((faces * ff) + (voices * fv)); // []
            Tensor kl = Elbo.KullbackLeibler(q); // []
            Set(first + LossTerms.FaceReconstruction, faceError is null ? null : faceError.Over(faces * ff), faces);
            Set(first + LossTerms.VoiceReconstruction, voiceError is null ? null : voiceError.Over(voices * fv), voices);
            Set(first + LossTerms.Reconstruction, reconstruction, q.Mean.shape[0]);
            Set(first + LossTerms.Kl, kl, q.Mean.shape[0]);
            total.Add(reconstruction.Plus(kl.Times(beta))); // []
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
