namespace CrossModalVae.Pipelines.Internals;

/// <summary>The input's rows under the step's schema where no computed column is active.</summary>
internal sealed class PassThroughCursor(DataViewRowCursor source, DataViewSchema schema, ActiveColumns active) : DataViewRowCursor
{
    public override DataViewSchema Schema { get; } = schema;

    public override long Position => source.Position;

    public override long Batch => source.Batch;

    public override bool IsColumnActive(DataViewSchema.Column column) => active[column.Index];

    public override bool MoveNext() => source.MoveNext();

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        active.Check(column);
        return source.GetGetter<TValue>(source.Schema[column.Index]);
    }

    public override ValueGetter<DataViewRowId> GetIdGetter() => source.GetIdGetter();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            source.Dispose();
        }

        base.Dispose(disposing);
    }
}
