using CrossModalVae.Projection;

namespace CrossModalVae.Pipelines;

/// <summary>
/// Places rows in a fitted layout: the rows it was fitted on keep their places (equal rows that of the first), any other row is placed
/// among them by <see cref="TSneResult.Transform"/>. See <see cref="TSneEstimator"/>.
/// </summary>
public sealed class TSneTransformer : CrossModalTransformer
{
    private readonly FittedRows _rows;

    internal TSneTransformer(IReadOnlyList<InputColumn> inputs, IReadOnlyList<OutputColumn> outputs, FittedRows rows, TSneResult result)
        : base([inputs[0] with { Length = rows.Dimension }], outputs)
    {
        _rows = rows;
        Result = result;
    }

    /// <summary>
    /// Layout, divergence and trustworthiness of the rows it was fitted on, in their order, rows with a missing value left out.
    /// </summary>
    public TSneResult Result { get; }

    internal override int BlockSize => 256;

    internal override BlockKernel CreateKernel(DataViewRow input, int capacity) =>
        new Kernel(input.GetGetter<VBuffer<float>>(input.Schema[Inputs[0].Name]), _rows, Result, capacity);

    private sealed class Kernel(ValueGetter<VBuffer<float>> getter, FittedRows rows, TSneResult result, int capacity) : BlockKernel
    {
        private readonly VectorColumn<float> _points = new(capacity, rows.Dimension);
        private readonly VectorColumn<float> _places = new(capacity, TSne.LayoutDimension);
        private VBuffer<float> _buffer;

        public override void Read(int slot)
        {
            getter(ref _buffer);
            _buffer.CopyTo(_points.Row(slot));
        }

        public override void Compute(int first, int count)
        {
            var unknown = new List<int>();
            for (int slot = first; slot < first + count; slot++)
            {
                if (JointPosterior.IsMissing(_points.Row(slot)))
                {
                    _places.Row(slot).Fill(float.NaN);
                }
                else if (rows.Find(_points.Row(slot)) is int row)
                {
                    result.Layout.Span.Slice(row * TSne.LayoutDimension, TSne.LayoutDimension).CopyTo(_places.Row(slot));
                }
                else
                {
                    unknown.Add(slot);
                }
            }

            var values = new float[unknown.Count * rows.Dimension]; // [unknown, dimension]
            for (int u = 0; u < unknown.Count; u++)
            {
                _points.Row(unknown[u]).CopyTo(values.AsSpan(u * rows.Dimension));
            }

            float[] places = result.Transform(values, unknown.Count); // [unknown, 2]
            for (int u = 0; u < unknown.Count; u++)
            {
                places.AsSpan(u * TSne.LayoutDimension, TSne.LayoutDimension).CopyTo(_places.Row(unknown[u]));
            }
        }

        public override BlockColumn Output(int index) => _places;
    }
}
