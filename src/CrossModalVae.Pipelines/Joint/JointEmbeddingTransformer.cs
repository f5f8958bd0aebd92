namespace CrossModalVae.Pipelines;

/// <summary>One embedding of a clip from the posteriors of its voice and face; see <see cref="JointEmbeddingEstimator"/>.</summary>
public sealed class JointEmbeddingTransformer : CrossModalTransformer
{
    private readonly JointEmbedding _kind;

    internal JointEmbeddingTransformer(IReadOnlyList<InputColumn> inputs, IReadOnlyList<OutputColumn> outputs, JointEmbedding kind)
        : base(inputs, outputs) => _kind = kind;

    // The work of a row is tiny; a block only spares the calls between cursors.
    internal override int BlockSize => 64;

    internal override BlockKernel CreateKernel(DataViewRow input, int capacity) => new Kernel(this, input, capacity);

    private sealed class Kernel : BlockKernel
    {
        private readonly JointEmbedding _kind;
        private readonly ValueGetter<VBuffer<float>>[] _getters;
        private readonly float[][] _rows;
        private readonly VectorColumn<float> _joint;
        private VBuffer<float> _buffer;

        public Kernel(JointEmbeddingTransformer parent, DataViewRow input, int capacity)
        {
            int dimension = ((VectorDataViewType)parent.Outputs[0].Type).Size;
            _kind = parent._kind;
            _getters = [.. parent.Inputs.Select(column => input.GetGetter<VBuffer<float>>(input.Schema[column.Name]))];
            _rows = [.. parent.Inputs.Select(_ => new float[dimension])];
            _joint = new VectorColumn<float>(capacity, dimension);
        }

        public override void Read(int slot)
        {
            for (int i = 0; i < _getters.Length; i++)
            {
                _getters[i](ref _buffer);
                _buffer.CopyTo(_rows[i]);
            }

            if (_kind == JointEmbedding.ProductOfExperts)
            {
                JointPosterior.ProductOfExperts(_rows[0], _rows[2], _rows[1], _rows[3], _joint.Row(slot));
            }
            else
            {
                JointPosterior.MeanOfDirections(_rows[0], _rows[1], _joint.Row(slot));
            }
        }

        public override void Compute(int first, int count)
        {
            // Read has done it: a row needs no other row.
        }

        public override BlockColumn Output(int index) => _joint;
    }
}
