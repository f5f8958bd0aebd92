namespace CrossModalVae.Pipelines.Internals;

/// <summary>The values of one column for a block of rows.</summary>
internal abstract class BlockColumn
{
    /// <summary>A getter of the row at <paramref name="position"/>.</summary>
    public ValueGetter<TValue> GetGetter<TValue>(BlockPosition position) =>
        MakeGetter(position) as ValueGetter<TValue>
        ?? throw new InvalidOperationException($"The column delivers {ValueType.Name}; a getter of {typeof(TValue).Name} was asked for.");

    protected abstract Type ValueType { get; }

    protected abstract Delegate MakeGetter(BlockPosition position);
}
