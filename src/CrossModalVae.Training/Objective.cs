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

    public static Result Evaluate(
        MultimodalVae model, PairBatch batch, ObjectiveOptions options, double beta, TrainingNoise noise, bool dropout)
    {
        TrainingNoise? dropped = dropout ? noise : null;
        long d = model.Options.LatentDimension;
        long complete = batch.CompleteCount;
        var values = new Tensor?[LossTerms.Count];
        var weights = new double[LossTerms.Count];

        GaussianPosterior? qVoice = batch.Voice is null ? null : model.Encode(Modality.Voice, batch.Voice, dropped); // [Bv, D]
        GaussianPosterior? qFace = batch.Face is null ? null : model.Encode(Modality.Face, batch.Face, dropped); // [Bf, D]
        Tensor? zVoice = qVoice?.Sample(noise.Gaussian(batch.VoiceCount, d)); // [Bv, D]
        Tensor? zFace = qFace?.Sample(noise.Gaussian(batch.FaceCount, d)); // [Bf, D]

        // Both encoders' points go through the decoder at once.
        Tensor[] points = [.. new[] { zVoice, zFace }.OfType<Tensor>()];
        Tensor decoded = model.Decode(points.Length == 1 ? points[0] : cat(points, 0), dropped); // [Bv + Bf, Ff + Fv]

        var total = new List<Tensor>();
        if (qVoice is not null)
        {
            total.Add(Bound(
                model,
                batch,
                qVoice,
                decoded.narrow(0, 0, batch.VoiceCount),
                beta,
                values,
                weights,
                LossTerms.VoiceEncoder,
                faces: complete,
                voices: batch.VoiceCount));
        }

        if (qFace is not null)
        {
            total.Add(Bound(
                model,
                batch,
                qFace,
                decoded.narrow(0, batch.VoiceCount, batch.FaceCount),
                beta,
                values,
                weights,
                LossTerms.FaceEncoder,
                faces: batch.FaceCount,
                voices: complete));
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
            Add(LossTerms.Alignment, alignment, options.AlignmentWeight);
            Add(
                LossTerms.Contrast,
                options.ContrastWeight > 0.0
                    ? Contrast.SymmetricInfoNce(pairedVoice.Mean, pairedFace.Mean, options.ContrastTemperature, batch.Identities)
                    : null,
                options.ContrastWeight);
        }

        Tensor sum = total.Aggregate((a, b) => a + b); // []
        values[LossTerms.Total] = sum;
        weights[LossTerms.Total] = batch.VoiceCount + batch.FaceCount - complete;
        Tensor zero = tensor(0f, device: decoded.device);
        Tensor terms = stack(values.Select(value => value is null ? zero : value.detach()), 0); // [Count]
        return new Result(sum, terms, weights);

        void Add(int index, Tensor? term, double weight)
        {
            if (term is not null)
            {
                values[index] = term;
                weights[index] = complete;
                total.Add(term * weight);
            }
        }
    }

    /// <summary>One encoder's negative bound: reconstruction of what is present + beta KL.</summary>
    private static Tensor Bound(
        MultimodalVae model, PairBatch batch, GaussianPosterior q, Tensor decoded, double beta, Tensor?[] values, double[] weights,
        int first, long faces, long voices)
    {
        Tensor? faceError = faces == 0
            ? null
            : Elbo.SquaredError(batch.Face!.narrow(0, 0, faces), decoded.narrow(0, 0, faces).narrow(1, 0, model.FaceLength));
        Tensor? voiceError = voices == 0
            ? null
            : Elbo.SquaredError(
                batch.Voice!.narrow(0, 0, voices), decoded.narrow(0, 0, voices).narrow(1, model.FaceLength, model.VoiceLength));
        long present = (faces * model.FaceLength) + (voices * model.VoiceLength);
        Tensor reconstruction = (faceError is null ? voiceError! : voiceError is null ? faceError : faceError + voiceError) / present; // []
        Tensor kl = Elbo.KullbackLeibler(q); // []

        values[first + LossTerms.FaceReconstruction] = faceError is null ? null : faceError / (faces * model.FaceLength);
        values[first + LossTerms.VoiceReconstruction] = voiceError is null ? null : voiceError / (voices * model.VoiceLength);
        values[first + LossTerms.Reconstruction] = reconstruction;
        values[first + LossTerms.Kl] = kl;
        weights[first + LossTerms.FaceReconstruction] = faces;
        weights[first + LossTerms.VoiceReconstruction] = voices;
        weights[first + LossTerms.Reconstruction] = q.Mean.shape[0];
        weights[first + LossTerms.Kl] = q.Mean.shape[0];
        return reconstruction + (kl * beta); // []
    }
}
