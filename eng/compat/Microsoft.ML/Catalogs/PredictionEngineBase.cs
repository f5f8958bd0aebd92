using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>Applies a row-to-row model to one object at a time. It owns the model: disposing it disposes that.</summary>
public abstract class PredictionEngineBase<TSrc, TDst> : IDisposable
    where TSrc : class
    where TDst : class, new()
{
    private readonly ITransformer _transformer;
    private readonly ObjectRow<TSrc> _input;
    private readonly DataViewRow _output;
    private readonly Action<TDst> _fill;
    private bool _disposed;

    private protected PredictionEngineBase(
        ITransformer transformer, bool ignoreMissingColumns, SchemaDefinition inputDefinition, SchemaDefinition outputDefinition)
    {
        _transformer = Checks.Value(transformer, nameof(transformer));
        Checks.Param(transformer.IsRowToRowMapper, nameof(transformer), "Must be a row to row mapper");
        _input = new ObjectRow<TSrc>(MemberColumn.For(typeof(TSrc), inputDefinition, SchemaDefinition.Direction.Read));
        var mapper = transformer.GetRowToRowMapper(_input.Schema);
        OutputSchema = mapper.OutputSchema;
        var filler = new ObjectFiller<TDst>(OutputSchema, ignoreMissingColumns, outputDefinition);
        _output = mapper.GetRow(_input, OutputSchema);
        _fill = filler.Bind(_output);
    }

    public DataViewSchema OutputSchema { get; }

    public TDst Predict(TSrc example)
    {
        var result = new TDst();
        Predict(example, ref result);
        return result;
    }

    public abstract void Predict(TSrc example, ref TDst prediction);

    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        _output.Dispose();
        (_transformer as IDisposable)?.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected void Map(TSrc example, TDst prediction)
    {
        _input.MoveTo(example);
        _fill(prediction);
    }
}
