using CrossModalVae.Pipelines.Internals;
using CrossModalVae.Retrieval;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace CrossModalVae.Pipelines;

/// <summary>Ranks a gallery of embeddings by nearness to each row's query; see <see cref="GalleryRankingEstimator"/>.</summary>
public sealed class GalleryRankingTransformer : CrossModalTransformer
{
    private readonly Ranker _ranker;
    private readonly bool _distinctIdentities;

    internal GalleryRankingTransformer(
        IReadOnlyList<InputColumn> inputs, IReadOnlyList<OutputColumn> outputs, Ranker ranker, int count, bool distinctIdentities)
        : base(inputs, outputs)
    {
        _ranker = ranker;
        Count = count;
        _distinctIdentities = distinctIdentities;
    }

    /// <summary>K, matches a row.</summary>
    public int Count { get; }

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
        private VBuffer<float> _buffer;

        public Kernel(GalleryRankingTransformer parent, DataViewRow input, int capacity)
        {
            _parent = parent;
            _getter = input.GetGetter<VBuffer<float>>(input.Schema[parent.Inputs[0].Name]);
            _queries = new VectorColumn<float>(capacity, parent.Inputs[0].Length);
            _identities = new VectorColumn<ReadOnlyMemory<char>>(capacity, parent.Count);
            _clips = new VectorColumn<ReadOnlyMemory<char>>(capacity, parent.Count);
            _scores = new VectorColumn<float>(capacity, parent.Count);
        }

        public override void Read(int slot)
        {
            _getter(ref _buffer);
            _buffer.CopyTo(_queries.Row(slot));
        }

        public override void Compute(int first, int count) => Parallel.For(first, first + count, Rank);

        public override BlockColumn Output(int index) => index switch { 0 => _identities, 1 => _clips, _ => _scores };

        private void Rank(int slot)
        {
            Span<ReadOnlyMemory<char>> identities = _identities.Row(slot);
            Span<ReadOnlyMemory<char>> clips = _clips.Row(slot);
            Span<float> scores = _scores.Row(slot);
            if (JointPosterior.IsMissing(_queries.Row(slot)))
            {
                identities.Clear();
                clips.Clear();
                scores.Fill(float.NaN);
                return;
            }

            IReadOnlyList<RankedMatch> matches = _parent._distinctIdentities
                ? _parent._ranker.RankIdentities(_queries.Row(slot), _parent.Count)
                : _parent._ranker.Rank(_queries.Row(slot), _parent.Count);
            for (int i = 0; i < matches.Count; i++)
            {
                identities[i] = matches[i].Identity.AsMemory();
                clips[i] = matches[i].Clip.AsMemory();
                scores[i] = (float)matches[i].Score;
            }
        }
    }
}
