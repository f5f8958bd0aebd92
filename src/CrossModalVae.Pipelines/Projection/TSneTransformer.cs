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
        new Kernel(_rows, input, Inputs[0].Name, Result, capacity);

    private sealed class Kernel(FittedRows rows, DataViewRow input, string column, TSneResult result, int capacity)
        : FittedKernel(rows, input, column, capacity)
    {
        private readonly VectorColumn<float> _places = new(capacity, TSne.LayoutDimension);

        public override BlockColumn Output(int index) => _places;

        protected override void SetMissing(int slot) => _places.Row(slot).Fill(float.NaN);

        protected override void SetFitted(int slot, int row) => Set(slot, result.Layout.Span, row);

        protected override void SetUnknown(IReadOnlyList<int> slots, float[] vectors)
        {
            float[] places = result.Transform(vectors, slots.Count); // [slots, 2]
            for (int i = 0; i < slots.Count; i++)
            {
                Set(slots[i], places, i);
            }
        }

        private void Set(int slot, ReadOnlySpan<float> layout, int row) =>
            layout.Slice(row * TSne.LayoutDimension, TSne.LayoutDimension).CopyTo(_places.Row(slot));
    }
}
