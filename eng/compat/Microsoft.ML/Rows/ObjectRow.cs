namespace Microsoft.ML.Data;

/// <summary>A row whose columns are the members of an object that is exchanged from row to row.</summary>
internal sealed class ObjectRow<TRow> : DataViewRow where TRow : class
{
    private readonly Delegate[] _getters;
    private TRow _current;
    private long _position = -1;

    public ObjectRow(MemberColumn[] columns)
    {
        Schema = DataViewSchema.From(columns.Select(column => column.Detached));
        _getters = [.. columns.Select(column => MemberGetters<TRow>.Create(column, Current))];
    }

    public override long Position => _position;

    public override long Batch => 0;

    public override DataViewSchema Schema { get; }

    public void MoveTo(TRow row)
    {
        _current = Checks.Value(row, nameof(row));
        _position++;
    }

    public override ValueGetter<DataViewRowId> GetIdGetter()
        => (ref DataViewRowId value) => value = new DataViewRowId((ulong)Position, 0);

    public override bool IsColumnActive(DataViewSchema.Column column) => true;

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        => Getters.Typed<TValue>(_getters[column.Index], column);

    internal Delegate GetterAt(int index) => _getters[index];

    private TRow Current()
    {
        Checks.State(_position >= 0, Getters.NotOnARow);
        return _current;
    }
}
