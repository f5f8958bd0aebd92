using CrossModalVae.Metrics;
using static TorchSharp.torch;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace CrossModalVae.Training;

/// <summary>Measures a model on the validation split: no dropout, no gradients, the same batches and noise every time.</summary>
internal sealed class Validator(MultimodalVae model, StandardisedTable table, Recipe recipe, Device device)
{
    private const int EncodeRows = 1024;

    // Trials grow with the square of the clips; 1,000 of each modality give a million, more than it takes to tell epochs apart.
    private const int AucRows = 1000;

    private readonly List<ClipPair[]> _batches = PairSampler.Fixed(table.Table, recipe.Training.BatchSize, recipe.Training.Seed);

    /// <summary>Every term with the epoch's beta, and the total with the recipe's full beta.</summary>
    public (LossTerms Terms, double SelectionLoss) Losses(double beta, CancellationToken cancellationToken)
    {
        using IDisposable gradients = no_grad();
        using var scope = NewDisposeScope();
        var noise = new TrainingNoise(SeededRandom.For(recipe.Training.Seed, "noise/validation"), device);
        Tensor sums = zeros(LossTerms.Count, device: device); // [Count]
        var weights = new double[LossTerms.Count];
        foreach (ClipPair[] pairs in _batches)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var batchScope = NewDisposeScope();
            PairBatch batch = table.Gather(pairs, device);
            TrainingLoop.Accumulate(Objective.Evaluate(model, batch, recipe.Objective, beta, noise, dropout: false), sums, weights, device);
        }

        LossTerms terms = LossTerms.From(sums.ToFloats(), weights);
        double divergence = (terms.FromVoice.Kl ?? 0.0) + (terms.FromFace.Kl ?? 0.0);
        return (terms, terms.TotalLoss + ((recipe.Objective.Beta - beta) * divergence));
    }

    public double? Auc(CancellationToken cancellationToken)
    {
        (int[] voiceRows, float[] voiceMean, _) = Encode(Modality.Voice, Sample(Modality.Voice), cancellationToken);
        (int[] faceRows, float[] faceMean, _) = Encode(Modality.Face, Sample(Modality.Face), cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        return VerificationAuc(table.Table, voiceRows, voiceMean, faceRows, faceMean, model.Options.LatentDimension);
    }

    /// <summary>
    /// Area under the ROC curve over all voice x face trials, scored by the cosine of posterior means, [Nv, D] and [Nf, D], which are
    /// scaled to unit length in place; a target is a trial of one identity. As all trials are used, both directions have the same value.
    /// </summary>
    /// <returns>0 to 1, chance 0.5; null where there is no target or no non-target trial.</returns>
    public static double? VerificationAuc(FeatureTable clips, int[] voiceRows, float[] voices, int[] faceRows, float[] faces, int d)
    {
        ScaleToUnitLength(voices, d);
        ScaleToUnitLength(faces, d);
        var scores = new float[(long)voiceRows.Length * faceRows.Length];
        var targets = new bool[scores.Length];
        for (int v = 0; v < voiceRows.Length; v++)
        {
            ReadOnlySpan<float> voice = voices.AsSpan(v * d, d);
            for (int f = 0; f < faceRows.Length; f++)
            {
                int trial = (v * faceRows.Length) + f;
                scores[trial] = TensorPrimitives.Dot(voice, faces.AsSpan(f * d, d));
                targets[trial] = clips.Clips[voiceRows[v]].Identity == clips.Clips[faceRows[f]].Identity;
            }
        }

        return targets.Contains(true) && targets.Contains(false) ? RocCurve.Compute(scores, targets).AreaScore : null;
    }

    /// <summary>
    /// Mean KL of each latent dimension over the clips that have the modality, by the equation of
    /// <see cref="Elbo.KullbackLeiblerPerDimension"/> in double precision; empty where none has.
    /// </summary>
    public double[] KlPerDimension(Modality modality, CancellationToken cancellationToken)
    {
        (int[] rows, float[] mean, float[] logVariance) = Encode(modality, table.Table.RowsWith(modality), cancellationToken);
        if (rows.Length == 0)
        {
            return [];
        }

        int d = model.Options.LatentDimension;
        var kl = new double[d];
        for (int i = 0; i < mean.Length; i++)
        {
            kl[i % d] += 0.5 * (((double)mean[i] * mean[i]) + Math.Exp(logVariance[i]) - logVariance[i] - 1.0) / rows.Length;
        }

        return kl;
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

    private (int[] Rows, float[] Mean, float[] LogVariance) Encode(Modality modality, int[] rows, CancellationToken cancellationToken)
    {
        var mean = new List<float>();
        var logVariance = new List<float>();
        using IDisposable gradients = no_grad();
        foreach (int[] chunk in rows.Chunk(EncodeRows))
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            GaussianPosterior q = model.Encode(modality, table.Rows(modality, chunk, device)); // [rows, D]
            mean.AddRange(q.Mean.ToFloats());
            logVariance.AddRange(q.LogVariance.ToFloats());
        }

        return (rows, [.. mean], [.. logVariance]);
    }

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
