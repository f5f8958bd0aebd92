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
