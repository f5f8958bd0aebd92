namespace Microsoft.ML.Data;

/// <summary>A data view over the objects of an enumerable, which is enumerated anew by every cursor.</summary>
internal sealed class EnumerableDataView<TRow> : IDataView where TRow : class
{
    private readonly IEnumerable<TRow> _data;
    private readonly MemberColumn[] _columns;

    public EnumerableDataView(IEnumerable<TRow> data, MemberColumn[] columns)
    {
        _data = data;
        _columns = columns;
        Schema = DataViewSchema.From(columns.Select(column => column.Detached));
    }

    public bool CanShuffle => false;

    public DataViewSchema Schema { get; }

    public long? GetRowCount() => (_data as ICollection<TRow>)?.Count;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null)
        => new Cursor(this, Getters.Active(Schema, columnsNeeded));

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null)
        => [GetRowCursor(columnsNeeded, rand)];

    private sealed class Cursor : DataViewRowCursor
    {
        private readonly IEnumerator<TRow> _rows;
        private readonly Delegate[] _getters;
        private TRow _current;
        private long _position = -1;
        private bool _ended;

        public Cursor(EnumerableDataView<TRow> view, bool[] active)
        {
            Schema = view.Schema;
            _rows = view._data.GetEnumerator();
            _getters = [.. view._columns.Select((column, i) => active[i] ? MemberGetters<TRow>.Create(column, Current) : null)];
        }

        public override long Position => _position;

        public override long Batch => 0;

        public override DataViewSchema Schema { get; }

        public override bool MoveNext()
        {
            if (!_ended && _rows.MoveNext())
            {
                _current = _rows.Current
                    ?? throw new InvalidOperationException("Encountered null when iterating over data, this is not supported.");
                _position++;
                return true;
            }

            Dispose();
            return false;
        }

        public override bool IsColumnActive(DataViewSchema.Column column) => _getters[column.Index] != null;

        public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId value) =>
        {
            Checks.State(_position >= 0, Getters.NotOnARow);
            value = new DataViewRowId((ulong)_position, 0);
        };

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
            => Getters.Typed<TValue>(_getters[column.Index], column);

        protected override void Dispose(bool disposing)
        {
            if (disposing && !_ended)
            {
                _ended = true;
                _position = -1;
                _current = null;
                _rows.Dispose();
            }

            base.Dispose(disposing);
        }

        private TRow Current()
        {
            Checks.State(_position >= 0, Getters.NotOnARow);
            return _current;
        }
    }
}
