using CrossModalVae.Clustering;
using CrossModalVae.Pipelines.Internals;
using Microsoft.ML;
using Microsoft.ML.Data;

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

    private protected override DbscanTransformer FitChecked(IDataView input)
    {
        DataViewSchema.Column column = Inputs[0].Find(input.Schema);
        int dimension = ((VectorDataViewType)column.Type).Size;
        var values = new List<float>(); // [N, dimension]
        using (DataViewRowCursor cursor = input.GetRowCursor([column]))
        {
            ValueGetter<VBuffer<float>> getter = cursor.GetGetter<VBuffer<float>>(column);
            VBuffer<float> buffer = default;
            var row = new float[dimension];
            while (cursor.MoveNext())
            {
                getter(ref buffer);
                buffer.CopyTo(row);
                if (!JointPosterior.IsMissing(row))
                {
                    values.AddRange(row);
                }
            }
        }

        float[] points = [.. values];
        DbscanResult result = new Dbscan(_options).Fit(points, points.Length / dimension, dimension);
        return new DbscanTransformer(Inputs, Outputs, new FittedClusters(points, dimension, result, _options.Metric));
    }
}
