using CrossModalVae.Corpora;
using CrossModalVae.Embeddings;
using CrossModalVae.Features;

namespace CrossModalVae.Pipelines.Bundles;

/// <summary>Runs a bundle's pipeline over the clips of a manifest and gathers the embeddings.</summary>
internal sealed class ManifestEmbedder
{
    private static readonly Modality[] RowOrder = [Modality.Voice, Modality.Face, Modality.Joint];

    private readonly PipelineBundle _bundle;
    private readonly Manifest _manifest;
    private readonly Modality[] _modalities;
    private readonly EmbeddingParts _parts;
    private readonly Clip[] _clips;

    public ManifestEmbedder(PipelineBundle bundle, Manifest manifest, IReadOnlyCollection<Modality> modalities, EmbeddingParts parts)
    {
        _parts = parts;
        _bundle = bundle;
        _manifest = manifest;
        _modalities = [.. RowOrder.Where(modalities.Contains)];
        _clips = [.. manifest.Clips.Where(clip => _modalities.Any(modality => Has(clip, modality)))];
    }

    public EmbeddingSet Run(IProgress<int>? progress, CancellationToken cancellationToken)
    {
        var ml = new MLContext();
        IDataView view = ml.Data.LoadFromEnumerable(Rows(ClipRow.From, progress, cancellationToken));
        return Gather(_bundle.CreateJointPipeline(ml, ClipRow.Columns).Fit(view).Transform(view));
    }

    public EmbeddingSet Run(FeatureStore features, IProgress<int>? progress, CancellationToken cancellationToken)
    {
        var ml = new MLContext();
        IDataView view = ml.Data.LoadFromEnumerable(
            Rows((_, clip) => FeatureRow.From(features, clip), progress, cancellationToken),
            FeatureRow.Definition(features.VoiceLength, features.FaceLength));
        return Gather(_bundle.CreateFeaturePipeline(ml).Fit(view).Transform(view));
    }

    private EmbeddingSet Gather(IDataView embedded)
    {
        bool hasDeviations = _parts.HasFlag(EmbeddingParts.StandardDeviations);
        DataViewSchema.Column[] means = [.. _modalities.Select(modality => embedded.Schema[ColumnOf(modality)])];
        DataViewSchema.Column[] logVariances =
            hasDeviations ? [.. _modalities.Select(modality => embedded.Schema[OnnxContract.LogVariance(modality)])] : [];

        int dimension = _bundle.Recipe.Model.LatentDimension;
        var values = new List<float>(_clips.Length * dimension); // [rows, D]
        var deviations = new List<float>(); // [rows, D]
        var rows = new List<EmbeddingRow>(_clips.Length);
        using DataViewRowCursor cursor = embedded.GetRowCursor([.. means, .. logVariances]);
        ValueGetter<VBuffer<float>>[] getMean = [.. means.Select(cursor.GetGetter<VBuffer<float>>)];
        ValueGetter<VBuffer<float>>[] getLogVariance = [.. logVariances.Select(cursor.GetGetter<VBuffer<float>>)];
        VBuffer<float> buffer = default;
        while (cursor.MoveNext())
        {
            Clip clip = _clips[cursor.Position];
            for (int m = 0; m < _modalities.Length; m++)
            {
                if (!Has(clip, _modalities[m]))
                {
                    continue;
                }

                getMean[m](ref buffer);
                values.AddRange(buffer.GetValues());
                rows.Add(EmbeddingRow.Of(clip, _modalities[m]));
                if (hasDeviations)
                {
                    getLogVariance[m](ref buffer);
                    foreach (float logVariance in buffer.GetValues())
                    {
                        deviations.Add((float)Math.Exp(0.5 * logVariance));
                    }
                }
            }
        }

        float[] all = [.. values];
        return new EmbeddingSet(
            all,
            dimension,
            rows,
            hasDeviations ? [.. deviations] : null,
            _parts.HasFlag(EmbeddingParts.Reconstructions) ? Reconstruct(all, rows.Count) : null);
    }

    // The graph's outputs are in the front ends' units; standardised, every feature has the weight that it had in training.
    private float[] Reconstruct(float[] means, int count)
    {
        var options = new OnnxBatchOptions
        {
            BatchSize = _bundle.Recipe.Scoring.BatchSize,
            OutputTensorNames = [OnnxContract.FaceReconstruction, OnnxContract.VoiceReconstruction],
        };
        Recipe recipe = _bundle.Recipe;
        float[] latents = LatentPath.WithPrivateMeans(means, count, recipe.Model.DecodedDimension); // [rows, D], or [rows, D + 2 P]
        IReadOnlyList<float[]> decoded = _bundle.Decoder!.Score(latents, count, options); // [rows, Ff] and [rows, Fv]
        (FeatureStatistics Statistics, EncoderInput Input)[] parts =
        [
            (recipe.Statistics!.Face, EncoderInput.Of(recipe, Modality.Face)),
            (recipe.Statistics.Voice, EncoderInput.Of(recipe, Modality.Voice)),
        ];
        int length = parts.Sum(part => part.Input.ExampleLength);
        var features = new float[count * length]; // [rows, F]
        for (int row = 0; row < count; row++)
        {
            int at = row * length;
            for (int part = 0; part < parts.Length; part++)
            {
                (FeatureStatistics statistics, EncoderInput input) = parts[part];
                Span<float> own = features.AsSpan(at, input.ExampleLength);
                decoded[part].AsSpan(row * input.ExampleLength, input.ExampleLength).CopyTo(own);
                statistics.Standardise(own, input.BlockLength);
                at += input.ExampleLength;
            }
        }

        return features;
    }

    // The pipeline pulls clips as it needs them, so progress is reported and cancellation checked here.
    private IEnumerable<TRow> Rows<TRow>(Func<Manifest, Clip, TRow> row, IProgress<int>? progress, CancellationToken cancellationToken)
    {
        for (int i = 0; i < _clips.Length; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return row(_manifest, _clips[i]);
            progress?.Report(i + 1);
        }

        cancellationToken.ThrowIfCancellationRequested();
    }

    private static bool Has(Clip clip, Modality modality) => modality switch
    {
        Modality.Voice => clip.Voice is not null,
        Modality.Face => clip.Faces.Count > 0,
        _ => clip.Voice is not null || clip.Faces.Count > 0,
    };

    private static string ColumnOf(Modality modality) =>
        modality == Modality.Joint ? PipelineBundle.JointColumn : OnnxContract.Mean(modality);
}
