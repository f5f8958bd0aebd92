using CrossModalVae.Projection;

namespace CrossModalVae.Pipelines;

/// <summary>
/// A layout of a vector column in the plane by t-SNE; see <see cref="TSne"/>.
/// <list type="table">
/// <item><term>Learns from data</term><description>yes: the rows it is fitted on are read once, laid out and kept</description></item>
/// <item><term>Input</term><description>Vector&lt;Single&gt; of known length</description></item>
/// <item><term>Output</term><description>Vector&lt;Single, 2&gt;: x and y</description></item>
/// <item><term>Savable</term><description>no; see <see cref="CrossModalTransformer"/></description></item>
/// </list>
/// Rows with a missing value (NaN) are left out of the fit, and their place is NaN.
/// </summary>
public sealed class TSneEstimator : CrossModalEstimator<TSneTransformer>
{
    private readonly TSne _tsne;

    internal TSneEstimator(TransformsCatalog catalog, string outputColumn, string inputColumn, TSneOptions options)
        : base(
            catalog,
            [new InputColumn(inputColumn, "features of ProjectTsne", InputKind.FloatVector)],
            [OutputColumn.FloatVector(outputColumn, TSne.LayoutDimension)]) => _tsne = new TSne(options);

    private protected override TSneTransformer FitChecked(IDataView input, CancellationToken cancellationToken)
    {
        FittedRows rows = FittedRows.Read(input, Inputs[0].Find(input.Schema), cancellationToken);
        return new TSneTransformer(Inputs, Outputs, rows, _tsne.Fit(rows.Values, rows.Count, rows.Dimension, null, cancellationToken));
    }
}
