using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>Applies a row-to-row model to one object at a time; not for use from several threads at once.</summary>
public sealed class PredictionEngine<TSrc, TDst> : PredictionEngineBase<TSrc, TDst>
    where TSrc : class
    where TDst : class, new()
{
    internal PredictionEngine(
        ITransformer transformer, bool ignoreMissingColumns, SchemaDefinition inputDefinition, SchemaDefinition outputDefinition)
        : base(transformer, ignoreMissingColumns, inputDefinition, outputDefinition)
    {
    }

    public override void Predict(TSrc example, ref TDst prediction)
    {
        Checks.Value(example, nameof(example));
        prediction ??= new TDst();
        Map(example, prediction);
    }
}
