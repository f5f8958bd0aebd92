using CrossModalVae.Clustering;

namespace CrossModalVae.Pipelines;

/// <summary>
/// Hierarchical density-based clustering of a vector column; see <see cref="Hdbscan"/>.
/// <list type="table">
/// <item><term>Learns from data</term><description>yes: the rows it is fitted on are read once and kept</description></item>
/// <item><term>Input</term><description>Vector&lt;Single&gt; of known length</description></item>
/// <item><term>Output</term><description>Int32, clusters from 0, -1 is noise; Single, membership probability;
/// Single, outlier score</description></item>
/// <item><term>Savable</term><description>no; see <see cref="CrossModalTransformer"/></description></item>
/// </list>
/// Rows with a missing value (NaN) belong to no cluster: probability 0, outlier score 1.
/// </summary>
public sealed class HdbscanEstimator : CrossModalEstimator<HdbscanTransformer>
{
    private readonly HdbscanOptions _options;

    internal HdbscanEstimator(
        string outputColumn, string probabilityColumn, string outlierScoreColumn, string inputColumn, HdbscanOptions options)
        : base(
            new MLContext().Transforms,
            [new InputColumn(inputColumn, "features of Hdbscan", InputKind.FloatVector)],
            [OutputColumn.Int32(outputColumn), OutputColumn.Float(probabilityColumn), OutputColumn.Float(outlierScoreColumn)])
    {
        options.Validate();
        _options = options;
    }

    private protected override HdbscanTransformer FitChecked(IDataView input, CancellationToken cancellationToken)
    {
        FittedRows rows = FittedRows.Read(input, Inputs[0].Find(input.Schema), cancellationToken);
        HdbscanResult result = new Hdbscan(_options).Fit(rows.Values, rows.Count, rows.Dimension, null, cancellationToken);
        return new HdbscanTransformer(Inputs, Outputs, rows, result);
    }
}

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
        new Kernel(_rows, input, Inputs[0].Name, Result, capacity);

    private sealed class Kernel(FittedRows rows, DataViewRow input, string column, HdbscanResult result, int capacity)
        : FittedKernel(rows, input, column, capacity)
    {
        private readonly ScalarColumn<int> _labels = new(capacity);
        private readonly ScalarColumn<float> _probabilities = new(capacity);
        private readonly ScalarColumn<float> _outlierScores = new(capacity);

        public override BlockColumn Output(int index) => index switch
        {
            0 => _labels,
            1 => _probabilities,
            _ => _outlierScores,
        };

        protected override void SetMissing(int slot) => Set(slot, HdbscanResult.Noise, 0, 1);

        protected override void SetFitted(int slot, int row) =>
            Set(slot, result.Labels[row], result.Probabilities[row], result.OutlierScores[row]);

        protected override void SetUnknown(IReadOnlyList<int> slots, float[] vectors)
        {
            HdbscanPrediction predicted = result.Predict(vectors, slots.Count);
            for (int i = 0; i < slots.Count; i++)
            {
                Set(slots[i], predicted.Labels[i], predicted.Probabilities[i], predicted.OutlierScores[i]);
            }
        }

        private void Set(int slot, int label, double probability, double outlierScore)
        {
            _labels.Values[slot] = label;
            _probabilities.Values[slot] = (float)probability;
            _outlierScores.Values[slot] = (float)outlierScore;
        }
    }
}
