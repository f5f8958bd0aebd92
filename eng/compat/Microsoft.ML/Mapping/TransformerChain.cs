using System.Collections;

namespace Microsoft.ML.Data;

/// <summary>Transformers applied one after the other; disposing it disposes them.</summary>
public sealed class TransformerChain<TLastTransformer> : ITransformer, IEnumerable<ITransformer>, IDisposable
    where TLastTransformer : class, ITransformer
{
    private readonly ITransformer[] _transformers;
    private readonly TransformerScope[] _scopes;
    private bool _disposed;

    public readonly TLastTransformer LastTransformer;

    public TransformerChain(IEnumerable<ITransformer> transformers, IEnumerable<TransformerScope> scopes)
    {
        _transformers = [.. transformers ?? []];
        _scopes = [.. scopes ?? []];
        Checks.State(_transformers.Length == _scopes.Length, "Every transformer needs one scope.");
        LastTransformer = _transformers.LastOrDefault() as TLastTransformer;
        Checks.State(_transformers.Length > 0 == (LastTransformer != null), $"The last transformer is not a {typeof(TLastTransformer)}.");
    }

    public TransformerChain(params ITransformer[] transformers)
        : this(transformers, transformers?.Select(_ => TransformerScope.Everything))
    {
    }

    bool ITransformer.IsRowToRowMapper => _transformers.All(transformer => transformer.IsRowToRowMapper);

    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema)
        => Scoring().Aggregate(Checks.Value(inputSchema, nameof(inputSchema)), (schema, transformer) => transformer.GetOutputSchema(schema));

    public IDataView Transform(IDataView input)
    {
        // The whole chain's schemas are checked before any part of it is applied.
        GetOutputSchema(Checks.Value(input, nameof(input)).Schema);
        return Scoring().Aggregate(input, (data, transformer) => transformer.Transform(data));
    }

    public TransformerChain<TNewLast> Append<TNewLast>(TNewLast transformer, TransformerScope scope = TransformerScope.Everything)
        where TNewLast : class, ITransformer
        => new([.. _transformers, Checks.Value(transformer, nameof(transformer))], [.. _scopes, scope]);

    public IEnumerator<ITransformer> GetEnumerator() => ((IEnumerable<ITransformer>)_transformers).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    IRowToRowMapper ITransformer.GetRowToRowMapper(DataViewSchema inputSchema)
    {
        Checks.Value(inputSchema, nameof(inputSchema));
        Checks.State(((ITransformer)this).IsRowToRowMapper,
            $"{nameof(ITransformer.GetRowToRowMapper)} method called despite {nameof(ITransformer.IsRowToRowMapper)} being false.");
        return new ChainedMapper(inputSchema, _transformers);
    }

    void ICanSaveModel.Save(ModelSaveContext ctx)
        => TransformerChain.Save(ctx, _transformers, _scopes);

    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        foreach (var transformer in _transformers)
            (transformer as IDisposable)?.Dispose();
    }

    private IEnumerable<ITransformer> Scoring()
        => _transformers.Where((_, i) => _scopes[i].HasFlag(TransformerScope.Scoring));
}
