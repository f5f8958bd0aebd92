using CrossModalVae.Training.Terms;
using static TorchSharp.torch;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace CrossModalVae.Training;

/// <summary>What posteriors say, of each latent dimension, means over clips, in nats.</summary>
/// <param name="Kl">
/// KL(q(z|x) || N(0, I)) by the equation of <see cref="Elbo.KullbackLeiblerPerDimension"/> in double precision.
/// </param>
/// <param name="Information">
/// KL from the Gaussian that has the mean and variance of all posteriors together, ln(total variance) / 2 - mean of ln(variance) / 2: at
/// most <paramref name="Kl"/>, and 0 where every clip has the same posterior.
/// </param>
internal sealed record PosteriorMeasures(double[] Kl, double[] Information);

/// <summary>Measures a model on the validation split: no dropout, no gradients, the same batches and noise every time.</summary>
internal sealed class Validator(
    MultimodalVae model, StandardisedTable table, Recipe recipe, IReadOnlyList<ObjectiveTerm> terms, Device device)
{
    // Trials grow with the square of the clips; 1,000 of each modality give a million, more than it takes to tell epochs apart.
    private const int AucRows = 1000;

    private readonly List<ClipPair[]> _batches = PairSampler.Fixed(table.Table, recipe.Training.BatchSize, recipe.Training.Seed);

    /// <summary>Every term with the epoch's beta, and the total with the recipe's full beta.</summary>
    public (LossTerms Terms, double SelectionLoss) Losses(double beta, CancellationToken cancellationToken)
    {
        using IDisposable gradients = no_grad();
        using var scope = NewDisposeScope();
        var noise = new TrainingNoise(SeededRandom.For(recipe.Training.Seed, "noise/validation"), device);
        IReadOnlyList<string> names = Objective.NamesOf(recipe.Objective, terms);
        Tensor sums = zeros(LossTerms.Count + names.Count, device: device); // [Count and terms]
        var weights = new double[LossTerms.Count + names.Count];
        foreach (ClipPair[] pairs in _batches)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var batchScope = NewDisposeScope();
            PairBatch batch = table.Gather(pairs, device);
            TrainingLoop.Accumulate(
                Objective.Evaluate(model, batch, recipe.Objective, beta, noise, dropout: false, terms), sums, weights, device);
        }

        LossTerms means = LossTerms.From(sums.ToFloats(), weights, names);
        double divergence = means.Terms?.GetValueOrDefault("divergence") ?? ((means.FromVoice.Kl ?? 0.0) + (means.FromFace.Kl ?? 0.0));
        return (means, means.TotalLoss + ((recipe.Objective.Beta - beta) * divergence));
    }

    /// <summary>
    /// The trials of the same at most 1,000 voices and faces every time, and which encoders' posteriors are collapsed on them.
    /// </summary>
    public (ValidationTrials Trials, PosteriorCollapse Collapse) Judge(CancellationToken cancellationToken)
    {
        EncodedRows voice = Encode(Modality.Voice, Sample(Modality.Voice), cancellationToken);
        EncodedRows face = Encode(Modality.Face, Sample(Modality.Face), cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        int d = model.Options.LatentDimension;
        PosteriorCollapse collapse = PosteriorGuard.Find(Measures(voice, d).Information, Measures(face, d).Information);
        return (Trials(table.Table, voice.Rows, voice.Mean, face.Rows, face.Mean, d), collapse);
    }

    /// <summary>
    /// All voice x face trials, scored by the cosine of posterior means, [Nv, D] and [Nf, D], which are scaled to unit length in place; a
    /// target is a trial of one identity. As all trials are used, both directions have the same values.
    /// </summary>
    public static ValidationTrials Trials(FeatureSource clips, int[] voiceRows, float[] voices, int[] faceRows, float[] faces, int d)
    {
        ScaleToUnitLength(voices, d);
        ScaleToUnitLength(faces, d);
        var scores = new float[(long)voiceRows.Length * faceRows.Length];
        for (int v = 0; v < voiceRows.Length; v++)
        {
            ReadOnlySpan<float> voice = voices.AsSpan(v * d, d);
            for (int f = 0; f < faceRows.Length; f++)
            {
                scores[(v * faceRows.Length) + f] = TensorPrimitives.Dot(voice, faces.AsSpan(f * d, d));
            }
        }

        return new ValidationTrials(
            scores, [.. voiceRows.Select(row => clips.Clips[row].Identity)], [.. faceRows.Select(row => clips.Clips[row].Identity)]);
    }

    /// <summary>What the posteriors of all clips that have the modality say, of each latent dimension; empty where none has.</summary>
    public PosteriorMeasures Posteriors(Modality modality, CancellationToken cancellationToken) =>
        Measures(Encode(modality, table.Table.RowsWith(modality), cancellationToken), model.Options.LatentDimension);

    private PosteriorMeasures Measures(EncodedRows encoded, int d)
    {
        EncodedRows q = !recipe.Objective.HasPosteriors ? encoded.AtUnitScale() : encoded;
        int count = q.Rows.Length;
        if (count == 0)
        {
            return new PosteriorMeasures([], []);
        }

        double[] kl = new double[d], mean = new double[d], variance = new double[d], logVariance = new double[d];
        for (int i = 0; i < q.Mean.Length; i++)
        {
            kl[i % d] += 0.5 * (((double)q.Mean[i] * q.Mean[i]) + Math.Exp(q.LogVariance[i]) - q.LogVariance[i] - 1.0) / count;
            mean[i % d] += q.Mean[i] / (double)count;
            logVariance[i % d] += q.LogVariance[i] / (double)count;
        }

        for (int i = 0; i < q.Mean.Length; i++)
        {
            double distance = q.Mean[i] - mean[i % d];
            variance[i % d] += ((distance * distance) + Math.Exp(q.LogVariance[i])) / count;
        }

        return new PosteriorMeasures(
            kl, [.. variance.Zip(logVariance, (total, own) => Math.Max(0.0, 0.5 * (Math.Log(total) - own)))]);
    }

    // The same seeded draw every time and for both modalities, so that epochs are compared on the same identities.
    private int[] Sample(Modality modality)
    {
        int[] rows = table.Table.RowsWith(modality);
        if (rows.Length <= AucRows)
        {
            return rows;
        }

        SeededRandom.For(recipe.Training.Seed, "validation/auc").Shuffle(rows.AsSpan());
        return [.. rows.Take(AucRows).Order()];
    }

    private EncodedRows Encode(Modality modality, int[] rows, CancellationToken cancellationToken) =>
        EncodedRows.Of(model, table, modality, rows, device, cancellationToken);

    private static void ScaleToUnitLength(float[] rows, int dimension)
    {
        for (int start = 0; start < rows.Length; start += dimension)
        {
            Span<float> row = rows.AsSpan(start, dimension);
            float length = TensorPrimitives.Norm<float>(row);
            if (length > 0f)
            {
                TensorPrimitives.Divide(row, length, row);
            }
        }
    }
}
