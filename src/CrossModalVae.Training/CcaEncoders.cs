using static TorchSharp.torch;

namespace CrossModalVae.Training;

/// <summary>
/// Fits the last, linear layer of a model's encoders by <see cref="RidgeCca"/> on the leading principal components of what it takes: the
/// outputs of trained towers and hidden layers, or where there are none the standardised features. Directions beyond the number that was
/// chosen are 0.
/// </summary>
internal static class CcaEncoders
{
    private const int ChunkRows = 1024;

    /// <summary>Sets the weights of both mean heads; returns what was chosen, and its AUC on the folds that were held out.</summary>
    public static (CcaSettings Settings, double Auc) Fit(
        MultimodalVae model, StandardisedTable train, Recipe recipe, Device device, CancellationToken cancellationToken)
    {
        using IDisposable gradients = no_grad();
        using var scope = NewDisposeScope();
        View voice = Reduce(Modality.Voice), face = Reduce(Modality.Face);
        int most = (int)Math.Min(recipe.Model.LatentDimension, Math.Min(voice.Rows.Values.shape[1], face.Rows.Values.shape[1]));
        (CcaSettings settings, double auc) =
            RidgeCca.Choose(voice.Rows, face.Rows, recipe.Objective.CcaFolds, most, recipe.Training.Seed, cancellationToken);
        (Tensor wv, Tensor wf, _) = RidgeCca.Fit(voice.Rows, face.Rows, settings); // [Kv, k], [Kf, k]
        Set(Modality.Voice, voice, wv);
        Set(Modality.Face, face, wf);
        return (settings, auc);

        View Reduce(Modality modality)
        {
            int[] rows = train.Table.RowsWith(modality);
            int f = model.HiddenCount(modality);
            Tensor sum = zeros([f], dtype: ScalarType.Float64, device: device); // [F]
            Tensor squares = zeros([f, f], dtype: ScalarType.Float64, device: device); // [F, F]
            foreach (Tensor chunk in Chunks(modality, rows))
            {
                using var own = NewDisposeScope();
                sum.Add(chunk.sum([0])); // [F]
                squares.Add(chunk.t().mm(chunk)); // [F, F]
            }

            Tensor mean = sum.Over(rows.Length); // [F]
            Tensor covariance = squares.Over(rows.Length) - mean.outer(mean); // [F, F]
            (_, Tensor vectors) = linalg.eigh(covariance); // ascending
            int count = Math.Min(recipe.Objective.CcaComponents, Math.Min(f, rows.Length - 1));
            Tensor axes = vectors.narrow(1, f - count, count); // [F, K]
            var parts = new List<Tensor>();
            foreach (Tensor chunk in Chunks(modality, rows))
            {
                parts.Add((chunk - mean).mm(axes)); // [rows, K]
            }

            return new View(new RidgeCca.Rows(cat(parts, 0), [.. rows.Select(row => train.Table.Clips[row].Identity)]), mean, axes);
        }

        IEnumerable<Tensor> Chunks(Modality modality, int[] rows)
        {
            foreach (int[] chunk in rows.Chunk(ChunkRows))
            {
                cancellationToken.ThrowIfCancellationRequested();
                using Tensor wide = Wide(modality, chunk);
                yield return wide;
            }
        }

        Tensor Wide(Modality modality, int[] rows)
        {
            using var own = NewDisposeScope();
            Tensor features = model.ScoredHidden(modality, train.Rows(modality, rows, device)); // [rows, F]
            return features.to_type(ScalarType.Float64).MoveToOuterDisposeScope();
        }

        void Set(Modality modality, View view, Tensor w)
        {
            string prefix = EnumText.Of(modality);
            Tensor map = view.Axes.mm(w); // [F, k]
            Tensor weight = Of($"{prefix}.mean.weight"), bias = Of($"{prefix}.mean.bias"); // [D, F], [D]
            weight.zero_();
            bias.zero_();
            weight.narrow(0, 0, settings.DirectionCount).copy_(map.t());
            bias.narrow(0, 0, settings.DirectionCount).copy_(view.Mean.matmul(map).neg());
        }

        Tensor Of(string name) => model.Weights.Single(entry => entry.Name == name).Value;
    }

    // A modality's rows on its principal components, and how features get there.
    private sealed record View(RidgeCca.Rows Rows, Tensor Mean, Tensor Axes);
}
