using CrossModalVae.Metrics;
using CrossModalVae.Pipelines.Ranking;
using CrossModalVae.Pipelines.Saving;
using CrossModalVae.Retrieval;

namespace CrossModalVae.Pipelines;

/// <summary>Ranks a gallery of embeddings by similarity to each row's query; see <see cref="GalleryRankingEstimator"/>.</summary>
public sealed class GalleryRankingTransformer : CrossModalTransformer, IDisposable
{
    internal const string Kind = "gallery-ranking";

    private readonly RankedGallery _gallery;
    private readonly Ranker _ranker;
    private readonly RankingRequest _request;
    private readonly RowMask? _mask;

    internal GalleryRankingTransformer(
        IReadOnlyList<InputColumn> inputs,
        IReadOnlyList<OutputColumn> outputs,
        RankedGallery gallery,
        Ranker ranker,
        RankingRequest request,
        RowMask? mask)
        : base(inputs, outputs)
    {
        _gallery = gallery;
        _ranker = ranker;
        _request = request;
        _mask = mask;
    }

    /// <summary>K, matches a row.</summary>
    public int Count => _request.Count;

    /// <summary>The model that computed the gallery; null where that is not known.</summary>
    internal EmbeddingOrigin? Origin => _gallery.Origin;

    internal override int BlockSize => 64;

    /// <summary>Closes a gallery on disk that was loaded from a bundle; one that was passed in stays open.</summary>
    public void Dispose() => _gallery.Dispose();

    internal static GalleryRankingTransformer Load(BundleStep step, BundleReader reader)
    {
        Saved saved = step.Read<Saved>();
        var request = new RankingRequest { Count = saved.Count, Identities = saved.Identities, Calibration = saved.Calibration };
        request.Validate();
        byte[]? allowed = saved.Mask is null ? null : reader.Bytes(saved.Mask);
        RankedGallery gallery = RankedGallery.Load(saved.Gallery, reader);
        try
        {
            Ranker ranker = gallery.CreateRanker(saved.Metric);
            return new GalleryRankingTransformer(
                [GalleryRankingEstimator.Query(saved.Input, ranker.Dimension)],
                [.. GalleryRankingEstimator.Columns(saved.Output, saved.Count, saved.Calibration is not null)],
                gallery,
                ranker,
                request,
                allowed is null ? null : RowMask.Where(allowed.Length, row => allowed[row] != 0));
        }
        catch
        {
            gallery.Dispose();
            throw;
        }
    }

    internal override BundleStep Save(BundleWriter writer) => BundleStep.Of(Kind, new Saved(
        Outputs[0].Name[..^GalleryRankingEstimator.IdentitiesSuffix.Length],
        Inputs[0].Name,
        _gallery.Save(writer),
        _ranker.Metric,
        Count,
        _request.Identities,
        _request.Calibration,
        _mask is null ? null : writer.Add("mask.bin", target => target.Write([.. Enumerable.Range(0, _mask.Count).Select(Allowed)]))));

    private byte Allowed(int row) => _mask![row] ? (byte)1 : (byte)0;

    private sealed record Saved(
        string Output,
        string Input,
        SavedGallery Gallery,
        RankingMetric Metric,
        int Count,
        IdentityAggregation? Identities = null,
        ScoreCalibration? Calibration = null,
        string? Mask = null);

    internal override BlockKernel CreateKernel(DataViewRow input, int capacity, Predicate<int> isNeeded) =>
        new Kernel(this, input, capacity);

    private sealed class Kernel(GalleryRankingTransformer parent, DataViewRow input, int capacity)
        : VectorKernel(input, parent.Inputs[0].Name, parent.Inputs[0].Length, capacity)
    {
        private readonly VectorColumn<ReadOnlyMemory<char>> _identities = new(capacity, parent.Count);
        private readonly VectorColumn<ReadOnlyMemory<char>> _clips = new(capacity, parent.Count);
        private readonly VectorColumn<float> _scores = new(capacity, parent.Count);
        private readonly VectorColumn<float> _probabilities = // of length 0 without a calibration
            new(capacity, parent._request.Calibration is null ? 0 : parent.Count);

        public override void Compute(int first, int count)
        {
            int[] present = [.. Enumerable.Range(first, count).Where(slot => !JointPosterior.IsMissing(Vectors.Row(slot)))];
            foreach (int slot in Enumerable.Range(first, count).Except(present))
            {
                _identities.Row(slot).Clear();
                _clips.Row(slot).Clear();
                _scores.Row(slot).Fill(float.NaN);
                _probabilities.Row(slot).Fill(float.NaN);
            }

            if (parent._request.Identities is not null)
            {
                // A query has a score for every row of the gallery, so each thread computes one query's scores at a time.
                ParallelLoop.For(
                    present.Length, i => Write(present[i], parent._request.Rank(parent._ranker, Vectors.Row(present[i]), parent._mask)));
                return;
            }

            IReadOnlyList<RankedMatch>[] ranked = parent._request.RankEach(parent._ranker, Gather(present), parent._mask);
            for (int q = 0; q < present.Length; q++)
            {
                Write(present[q], ranked[q]);
            }
        }

        public override BlockColumn Output(int index) => index switch { 0 => _identities, 1 => _clips, 2 => _scores, _ => _probabilities };

        private void Write(int slot, IReadOnlyList<RankedMatch> matches)
        {
            Span<float> probabilities = _probabilities.Row(slot);
            for (int i = 0; i < matches.Count; i++)
            {
                _identities.Row(slot)[i] = matches[i].Identity.AsMemory();
                _clips.Row(slot)[i] = matches[i].Clip.AsMemory();
                _scores.Row(slot)[i] = (float)matches[i].Score;
                if (matches[i].Probability is double probability)
                {
                    probabilities[i] = (float)probability;
                }
            }
        }
    }
}
