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

/// <summary>
/// Labels rows by the clusters found in the rows it was fitted on: those keep their labels, any other row gets the label of the nearest
/// core point within eps, else -1 (noise). See <see cref="DbscanEstimator"/>.
/// </summary>
public sealed class DbscanTransformer : CrossModalTransformer
{
    private readonly FittedClusters _clusters;

    internal DbscanTransformer(IReadOnlyList<InputColumn> inputs, IReadOnlyList<OutputColumn> outputs, FittedClusters clusters)
        : base([inputs[0] with { Length = clusters.Dimension }], outputs) => _clusters = clusters;

    /// <summary>Labels, core points and eps of the rows it was fitted on, in their order, rows with a missing value left out.</summary>
    public DbscanResult Result => _clusters.Result;

    internal override int BlockSize => 256;

    internal override BlockKernel CreateKernel(DataViewRow input, int capacity) => new Kernel(input, Inputs[0].Name, _clusters, capacity);

    private sealed class Kernel(DataViewRow input, string column, FittedClusters clusters, int capacity)
        : VectorKernel(input, column, clusters.Dimension, capacity)
    {
        private readonly ScalarColumn<int> _labels = new(capacity);

        public override void Compute(int first, int count) =>
            ParallelLoop.For(count, i => _labels.Values[first + i] = clusters.Label(Vectors.Row(first + i)));

        public override BlockColumn Output(int index) => _labels;
    }
}
