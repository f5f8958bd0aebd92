namespace Microsoft.ML.Data;

/// <summary>A data view with the columns that a row mapper adds, computed when they are read.</summary>
internal sealed class MappedDataView : IDataView, IRowToRowMapper
{
    private readonly IDataView _source;
    private readonly IRowMapper _mapper;
    private readonly AddedColumns _columns;

    public MappedDataView(IDataView source, IRowMapper mapper)
    {
        _source = source;
        _mapper = mapper;
        _columns = new AddedColumns(source.Schema, mapper.AddedColumns);
    }

    public bool CanShuffle => _source.CanShuffle;

    public DataViewSchema Schema => _columns.Output;

    public DataViewSchema InputSchema => _columns.Input;

    public DataViewSchema OutputSchema => _columns.Output;

    public long? GetRowCount() => _source.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null)
    {
        var active = Getters.Active(Schema, columnsNeeded);
        return new Cursor(this, _source.GetRowCursor(Needs(active), rand), active);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null)
    {
        var active = Getters.Active(Schema, columnsNeeded);
        return [.. _source.GetRowCursorSet(Needs(active), n, rand).Select(cursor => new Cursor(this, cursor, active))];
    }

    public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns)
        => Needs(Getters.Active(Schema, dependingColumns));

    public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns)
    {
        Checks.Value(input, nameof(input));
        Checks.Value(activeColumns, nameof(activeColumns));
        Checks.State(input.Schema == InputSchema, "Schema of input row must be the same as the schema the mapper is bound to");
        return new Row(new MappedRow(this, input, Getters.Active(Schema, activeColumns)));
    }

    private DataViewSchema.Column[] Needs(bool[] active)
        => [.. _columns.PassedThrough(active).Concat(_mapper.Needs(_columns.ActiveAdded(active))).Distinct().Order().Select(i => InputSchema[i])];

    /// <summary>The columns of an input row and the getters of the added ones.</summary>
    private sealed class MappedRow : IDisposable
    {
        private readonly AddedColumns _columns;
        private readonly bool[] _active;
        private readonly Delegate[] _getters;
        private Action _disposer;

        public MappedRow(MappedDataView view, DataViewRow input, bool[] active)
        {
            _columns = view._columns;
            _active = active;
            Input = input;
            _getters = view._mapper.CreateGetters(input, _columns.ActiveAdded(active), out _disposer);
        }

        public DataViewRow Input { get; }

        public DataViewSchema Schema => _columns.Output;

        public bool IsActive(DataViewSchema.Column column) => _active[column.Index];

        public ValueGetter<TValue> Getter<TValue>(DataViewSchema.Column column)
        {
            var (isInput, index) = _columns.SourceOf(column.Index);
            return isInput ? Input.GetGetter<TValue>(Input.Schema[index]) : Getters.Typed<TValue>(_getters[index], column);
        }

        public void Dispose()
        {
            Interlocked.Exchange(ref _disposer, null)?.Invoke();
            Input.Dispose();
        }
    }

    private sealed class Row(MappedRow row) : DataViewRow
    {
        public override long Position => row.Input.Position;

        public override long Batch => row.Input.Batch;

        public override DataViewSchema Schema => row.Schema;

        public override ValueGetter<DataViewRowId> GetIdGetter() => row.Input.GetIdGetter();

        public override bool IsColumnActive(DataViewSchema.Column column) => row.IsActive(column);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => row.Getter<TValue>(column);

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                row.Dispose();
            base.Dispose(disposing);
        }
    }

    private sealed class Cursor(MappedDataView view, DataViewRowCursor input, bool[] active) : DataViewRowCursor
    {
        private readonly MappedRow _row = new(view, input, active);

        public override long Position => input.Position;

        public override long Batch => input.Batch;

        public override DataViewSchema Schema => _row.Schema;

        public override bool MoveNext() => input.MoveNext();

        public override ValueGetter<DataViewRowId> GetIdGetter() => input.GetIdGetter();

        public override bool IsColumnActive(DataViewSchema.Column column) => _row.IsActive(column);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            Checks.Param(IsColumnActive(column), nameof(column), $"requested column '{column.Name}' not active");
            return _row.Getter<TValue>(column);
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                _row.Dispose();
            base.Dispose(disposing);
        }
    }
}
