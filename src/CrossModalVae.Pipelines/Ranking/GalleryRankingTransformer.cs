using CrossModalVae.Pipelines.Internals;
using CrossModalVae.Retrieval;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace CrossModalVae.Pipelines;

/// <summary>Ranks a gallery of embeddings by nearness to each row's query; see <see cref="GalleryRankingEstimator"/>.</summary>
public sealed class GalleryRankingTransformer : CrossModalTransformer
{
    private readonly Ranker _ranker;
    private readonly RankingRequest _request;

    internal GalleryRankingTransformer(
        IReadOnlyList<InputColumn> inputs, IReadOnlyList<OutputColumn> outputs, Ranker ranker, RankingRequest request)
        : base(inputs, outputs)
    {
        _ranker = ranker;
        _request = request;
    }

    /// <summary>K, matches a row.</summary>
    public int Count => _request.Count;

    internal override int BlockSize => 64;

    internal override BlockKernel CreateKernel(DataViewRow input, int capacity) => new Kernel(this, input, capacity);

    private sealed class Kernel : BlockKernel
    {
        private readonly GalleryRankingTransformer _parent;
        private readonly ValueGetter<VBuffer<float>> _getter;
        private readonly VectorColumn<float> _queries;
        private readonly VectorColumn<ReadOnlyMemory<char>> _identities;
        private readonly VectorColumn<ReadOnlyMemory<char>> _clips;
        private readonly VectorColumn<float> _scores;
        private readonly VectorColumn<float> _probabilities; // of length 0 without a calibration
        private VBuffer<float> _buffer;

        public Kernel(GalleryRankingTransformer parent, DataViewRow input, int capacity)
        {
            _parent = parent;
            _getter = input.GetGetter<VBuffer<float>>(input.Schema[parent.Inputs[0].Name]);
            _queries = new VectorColumn<float>(capacity, parent.Inputs[0].Length);
            _identities = new VectorColumn<ReadOnlyMemory<char>>(capacity, parent.Count);
            _clips = new VectorColumn<ReadOnlyMemory<char>>(capacity, parent.Count);
            _scores = new VectorColumn<float>(capacity, parent.Count);
            _probabilities = new VectorColumn<float>(capacity, parent._request.Calibration is null ? 0 : parent.Count);
        }

        public override void Read(int slot)
        {
            _getter(ref _buffer);
            _buffer.CopyTo(_queries.Row(slot));
        }

        public override void Compute(int first, int count) => Parallel.For(first, first + count, Rank);

        public override BlockColumn Output(int index) => index switch { 0 => _identities, 1 => _clips, 2 => _scores, _ => _probabilities };

        private void Rank(int slot)
        {
            Span<ReadOnlyMemory<char>> identities = _identities.Row(slot);
            Span<ReadOnlyMemory<char>> clips = _clips.Row(slot);
            Span<float> scores = _scores.Row(slot);
            Span<float> probabilities = _probabilities.Row(slot);
            if (JointPosterior.IsMissing(_queries.Row(slot)))
            {
                identities.Clear();
                clips.Clear();
                scores.Fill(float.NaN);
                probabilities.Fill(float.NaN);
                return;
            }

            IReadOnlyList<RankedMatch> matches = _parent._request.Rank(_parent._ranker, _queries.Row(slot));
            for (int i = 0; i < matches.Count; i++)
            {
                identities[i] = matches[i].Identity.AsMemory();
                clips[i] = matches[i].Clip.AsMemory();
                scores[i] = (float)matches[i].Score;
                if (matches[i].Probability is double probability)
                {
                    probabilities[i] = (float)probability;
                }
            }
        }
    }
}
