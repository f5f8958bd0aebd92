using CrossModalVae.Clustering;

namespace CrossModalVae.Pipelines;

/// <summary>
/// Labels rows by the clusters found in the rows it was fitted on: those keep what they got, any other row is placed by
/// <see cref="HdbscanResult.Predict"/>. See <see cref="HdbscanEstimator"/>.
/// </summary>
public sealed class HdbscanTransformer : CrossModalTransformer
{
    private readonly FittedRows _rows;

    internal HdbscanTransformer(
        IReadOnlyList<InputColumn> inputs, IReadOnlyList<OutputColumn> outputs, FittedRows rows, HdbscanResult result)
        : base([inputs[0] with { Length = rows.Dimension }], outputs)
    {
        _rows = rows;
        Result = result;
    }

    /// <summary>
    /// Labels, probabilities and outlier scores of the rows it was fitted on, in their order, rows with a missing value left out.
    /// </summary>
    public HdbscanResult Result { get; }

    internal override int BlockSize => 1024; // a block is one search over the fitted rows

    internal override BlockKernel CreateKernel(DataViewRow input, int capacity) =>
        new Kernel(input.GetGetter<VBuffer<float>>(input.Schema[Inputs[0].Name]), _rows, Result, capacity);

    private sealed class Kernel(ValueGetter<VBuffer<float>> getter, FittedRows rows, HdbscanResult result, int capacity) : BlockKernel
    {
        private readonly VectorColumn<float> _points = new(capacity, rows.Dimension);
        private readonly ScalarColumn<int> _labels = new(capacity);
        private readonly ScalarColumn<float> _probabilities = new(capacity);
        private readonly ScalarColumn<float> _outlierScores = new(capacity);
        private VBuffer<float> _buffer;

        public override void Read(int slot)
        {
            getter(ref _buffer);
            _buffer.CopyTo(_points.Row(slot));
        }

        public override void Compute(int first, int count)
        {
            var asked = new List<int>(); // slots of rows that it was not fitted on
            for (int slot = first; slot < first + count; slot++)
            {
                if (JointPosterior.IsMissing(_points.Row(slot)))
                {
                    Set(slot, HdbscanResult.Noise, 0, 1);
                }
                else if (rows.Find(_points.Row(slot)) is int row)
                {
                    Set(slot, result.Labels[row], result.Probabilities[row], result.OutlierScores[row]);
                }
                else
                {
                    asked.Add(slot);
                }
            }

            if (asked.Count > 0)
            {
                HdbscanPrediction predicted = result.Predict(
                    [.. asked.SelectMany(slot => _points.Row(slot).ToArray())], asked.Count); // [asked, dimension]
                for (int i = 0; i < asked.Count; i++)
                {
                    Set(asked[i], predicted.Labels[i], predicted.Probabilities[i], predicted.OutlierScores[i]);
                }
            }
        }

        public override BlockColumn Output(int index) => index switch
        {
            0 => _labels,
            1 => _probabilities,
            _ => _outlierScores,
        };

        private void Set(int slot, int label, double probability, double outlierScore)
        {
            _labels.Values[slot] = label;
            _probabilities.Values[slot] = (float)probability;
            _outlierScores.Values[slot] = (float)outlierScore;
        }
    }
}
