using static TorchSharp.torch;

namespace CrossModalVae.Training;

/// <summary>Measures a model on the validation split: no dropout, no gradients, the same batches and noise every time.</summary>
internal sealed class Validator
{
    private const int EncodeRows = 1024;

    // Trials grow with the square of the clips; 1,000 of each modality give a million, which is more than epochs need to be told apart.
    private const int AucRows = 1000;

    private readonly MultimodalVae _model;
    private readonly StandardisedTable _table;
    private readonly Recipe _recipe;
    private readonly Device _device;
    private readonly List<ClipPair[]> _batches;

    public Validator(MultimodalVae model, StandardisedTable table, Recipe recipe, Device device)
    {
        _model = model;
        _table = table;
        _recipe = recipe;
        _device = device;
        _batches = PairSampler.Fixed(table.Table, recipe.Training.BatchSize, recipe.Training.Seed);
    }

    /// <summary>Every term with the epoch's beta, and the total with the recipe's full beta.</summary>
    public (LossTerms Terms, double SelectionLoss) Losses(double beta, CancellationToken cancellationToken)
    {
        using IDisposable gradients = no_grad();
        using var scope = NewDisposeScope();
        var noise = new TrainingNoise(SeededRandom.For(_recipe.Training.Seed, "noise/validation"), _device);
        Tensor sums = zeros(LossTerms.Count, device: _device); // [Count]
        var weights = new double[LossTerms.Count];
        foreach (ClipPair[] pairs in _batches)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var batchScope = NewDisposeScope();
            TrainingLoop.Accumulate(
                Objective.Evaluate(_model, _table.Gather(pairs, _device), _recipe.Objective, beta, noise, dropout: false),
                sums,
                weights,
                _device);
        }

        LossTerms terms = LossTerms.From(Arrays.Values(sums), weights);
        double divergence = (terms.FromVoice.Kl ?? 0.0) + (terms.FromFace.Kl ?? 0.0);
        return (terms, terms.TotalLoss + ((_recipe.Objective.Beta - beta) * divergence));
    }

    public double? Auc(CancellationToken cancellationToken)
    {
        (int[] voiceRows, float[] voiceMean, _) = Encode(Modality.Voice, Sample(Modality.Voice), cancellationToken);
        (int[] faceRows, float[] faceMean, _) = Encode(Modality.Face, Sample(Modality.Face), cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        return VerificationAuc.Compute(_table.Table, voiceRows, voiceMean, faceRows, faceMean, _model.Options.LatentDimension);
    }

    /// <summary>Mean KL of each latent dimension over the clips that have the modality; empty where none has.</summary>
    public double[] KlPerDimension(Modality modality, CancellationToken cancellationToken)
    {
        (int[] rows, float[] mean, float[] logVariance) = Encode(modality, _table.Table.RowsWith(modality), cancellationToken);
        if (rows.Length == 0)
        {
            return [];
        }

        int d = _model.Options.LatentDimension;
        var kl = new double[d];
        for (int i = 0; i < mean.Length; i++)
        {
            kl[i % d] += 0.5 * (((double)mean[i] * mean[i]) + Math.Exp(logVariance[i]) - logVariance[i] - 1.0) / rows.Length;
        }

        return kl;
    }

    // The same seeded draw every time and for both modalities, so that epochs are compared on the same people.
    private int[] Sample(Modality modality)
    {
        int[] rows = _table.Table.RowsWith(modality);
        if (rows.Length <= AucRows)
        {
            return rows;
        }

        SeededRandom.For(_recipe.Training.Seed, "validation/auc").Shuffle(rows.AsSpan());
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
            GaussianPosterior q = _model.Encode(modality, _table.Rows(modality, chunk, _device)); // [rows, D]
            mean.AddRange(Arrays.Values(q.Mean));
            logVariance.AddRange(Arrays.Values(q.LogVariance));
        }

        return (rows, [.. mean], [.. logVariance]);
    }
}
