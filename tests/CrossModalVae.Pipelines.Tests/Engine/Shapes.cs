using Microsoft.ML;
using Microsoft.ML.Data;

namespace CrossModalVae.Pipelines.Tests.Engine;

internal static class Shapes
{
    /// <summary>The shape of a data view's schema: the API makes one only for the estimators of a chain that is being fitted.</summary>
    public static SchemaShape Of(MLContext ml, IDataView data)
    {
        var probe = new Probe();
        new EstimatorChain<ITransformer>().Append(probe).Append(ml.Transforms.SelectColumns(data.Schema[0].Name)).Fit(data);
        return probe.Seen!;
    }

    private sealed class Probe : IEstimator<ITransformer>
    {
        public SchemaShape? Seen { get; private set; }

        public ITransformer Fit(IDataView input) => new TransformerChain<ITransformer>();

        public SchemaShape GetOutputSchema(SchemaShape inputSchema) => Seen = inputSchema;
    }
}
