using CrossModalVae.Retrieval;

namespace CrossModalVae.Pipelines;

/// <summary>Ranks a gallery of embeddings by nearness to each row's query; see <see cref="GalleryRankingEstimator"/>.</summary>
public sealed class GalleryRankingTransformer : CrossModalTransformer
{
    private readonly Ranker _ranker;
    private readonly RankingRequest _request;
    private readonly RowMask? _mask;

    internal GalleryRankingTransformer(
        IReadOnlyList<InputColumn> inputs, IReadOnlyList<OutputColumn> outputs, Ranker ranker, RankingRequest request, RowMask? mask)
        : base(inputs, outputs)
    {
        _ranker = ranker;
        _request = request;
        _mask = mask;
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

        public override void Compute(int first, int count)
        {
            int[] asking = [.. Enumerable.Range(first, count).Where(slot => !JointPosterior.IsMissing(_queries.Row(slot)))];
            foreach (int slot in Enumerable.Range(first, count).Except(asking))
            {
                _identities.Row(slot).Clear();
                _clips.Row(slot).Clear();
                _scores.Row(slot).Fill(float.NaN);
                _probabilities.Row(slot).Fill(float.NaN);
            }

            if (_parent._request.Identities is not null)
            {
                // Of every row of the gallery: one query's scores at a time on each thread, not all of them together.
                ParallelLoop.For(asking.Length, q =>
                    Write(asking[q], _parent._request.Rank(_parent._ranker, _queries.Row(asking[q]), _parent._mask)));
                return;
            }

            int dimension = _parent.Inputs[0].Length;
            var queries = new float[asking.Length * dimension]; // [Q, D]
            for (int q = 0; q < asking.Length; q++)
            {
                _queries.Row(asking[q]).CopyTo(queries.AsSpan(q * dimension));
            }

            IReadOnlyList<RankedMatch>[] ranked = _parent._request.RankEach(_parent._ranker, queries, _parent._mask);
            for (int q = 0; q < asking.Length; q++)
            {
                Write(asking[q], ranked[q]);
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
