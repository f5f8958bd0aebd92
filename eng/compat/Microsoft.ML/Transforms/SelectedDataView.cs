using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms;

/// <summary>Some columns of a data view.</summary>
internal sealed class SelectedDataView : IDataView, IRowToRowMapper
{
    private readonly IDataView _source;
    private readonly int[] _sourceIndices;

    public SelectedDataView(IDataView source, int[] sourceIndices)
    {
        _source = source;
        _sourceIndices = sourceIndices;
        Schema = DataViewSchema.From(sourceIndices.Select(index => new DataViewSchema.DetachedColumn(source.Schema[index])));
    }

    public bool CanShuffle => _source.CanShuffle;

    public DataViewSchema Schema { get; }

    public DataViewSchema InputSchema => _source.Schema;

    public DataViewSchema OutputSchema => Schema;

    public long? GetRowCount() => _source.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null)
    {
        var active = Getters.Active(Schema, columnsNeeded);
        return new Cursor(this, _source.GetRowCursor(GetDependencies(columnsNeeded), rand), active);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null)
    {
        var active = Getters.Active(Schema, columnsNeeded);
        return [.. _source.GetRowCursorSet(GetDependencies(columnsNeeded), n, rand).Select(cursor => new Cursor(this, cursor, active))];
    }

    public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns)
        => [.. dependingColumns.Select(column => _sourceIndices[column.Index]).Distinct().Order().Select(index => InputSchema[index])];

    public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns)
        => new Row(this, Checks.Value(input, nameof(input)), Getters.Active(Schema, activeColumns));

    private ValueGetter<TValue> Getter<TValue>(DataViewRow input, bool[] active, DataViewSchema.Column column)
    {
        Checks.Param(active[column.Index], nameof(column), $"requested column '{column.Name}' not active");
        return input.GetGetter<TValue>(input.Schema[_sourceIndices[column.Index]]);
    }

    private sealed class Row(SelectedDataView view, DataViewRow input, bool[] active) : DataViewRow
    {
        public override long Position => input.Position;

        public override long Batch => input.Batch;

        public override DataViewSchema Schema => view.Schema;

        public override ValueGetter<DataViewRowId> GetIdGetter() => input.GetIdGetter();

        public override bool IsColumnActive(DataViewSchema.Column column) => active[column.Index];

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => view.Getter<TValue>(input, active, column);

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                input.Dispose();
            base.Dispose(disposing);
        }
    }

    private sealed class Cursor(SelectedDataView view, DataViewRowCursor input, bool[] active) : DataViewRowCursor
    {
        public override long Position => input.Position;

        public override long Batch => input.Batch;

        public override DataViewSchema Schema => view.Schema;

        public override bool MoveNext() => input.MoveNext();

        public override ValueGetter<DataViewRowId> GetIdGetter() => input.GetIdGetter();

        public override bool IsColumnActive(DataViewSchema.Column column) => active[column.Index];

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => view.Getter<TValue>(input, active, column);

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                input.Dispose();
            base.Dispose(disposing);
        }
    }
}
