namespace CrossModalVae.Pipelines.Internals;

/// <summary>
/// A data view with a step's columns added, computed block by block while a cursor runs over it: lazy, in row order, bounded memory.
/// </summary>
internal sealed class BlockDataView(CrossModalTransformer transformer, IDataView input) : IDataView
{
    public DataViewSchema Schema { get; } = transformer.GetOutputSchema(input.Schema);

    public bool CanShuffle => input.CanShuffle;

    public long? GetRowCount() => input.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        ActiveColumns active = new(transformer, input.Schema, Schema, columnsNeeded);
        DataViewRowCursor source = input.GetRowCursor(active.Dependencies(), rand);
        return active.AnyAdded
            ? new BlockCursor(transformer, source, Schema, active)
            : new PassThroughCursor(source, Schema, active);
    }

    // One cursor always: the work inside a block, or of several blocks, is parallel already, and rows stay in order.
    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];
}
