using CrossModalVae.Clustering;

namespace CrossModalVae.Pipelines;

/// <summary>
/// Density-based clustering of a vector column; see <see cref="Dbscan"/>.
/// <list type="table">
/// <item><term>Learns from data</term><description>yes: the rows it is fitted on are read once and kept</description></item>
/// <item><term>Input</term><description>Vector&lt;Single&gt; of known length</description></item>
/// <item><term>Output</term><description>Int32, clusters from 0; -1 is noise</description></item>
/// <item><term>Savable</term><description>no; see <see cref="CrossModalTransformer"/></description></item>
/// </list>
/// Rows with a missing value (NaN) belong to no cluster.
/// </summary>
public sealed class DbscanEstimator : CrossModalEstimator<DbscanTransformer>
{
    private readonly DbscanOptions _options;

    internal DbscanEstimator(string outputColumn, string inputColumn, DbscanOptions options)
        : base(
            new MLContext().Transforms,
            [new InputColumn(inputColumn, "features of Dbscan", InputKind.FloatVector)],
            [OutputColumn.Int32(outputColumn)])
    {
        options.Validate();
        _options = options;
    }

    private protected override DbscanTransformer FitChecked(IDataView input, CancellationToken cancellationToken)
    {
        FittedRows rows = FittedRows.Read(input, Inputs[0].Find(input.Schema), cancellationToken);
        DbscanResult result = new Dbscan(_options).Fit(rows.Values, rows.Count, rows.Dimension, null, cancellationToken);
        return new DbscanTransformer(Inputs, Outputs, new FittedClusters(rows, result, _options.Metric));
    }
}
