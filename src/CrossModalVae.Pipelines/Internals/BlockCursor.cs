using Microsoft.ML;
using Microsoft.ML.Data;

namespace CrossModalVae.Pipelines.Internals;

/// <summary>Reads a block of the input, computes it, and hands its rows out in order.</summary>
internal sealed class BlockCursor : DataViewRowCursor
{
    private readonly DataViewRowCursor _source;
    private readonly ActiveColumns _active;
    private readonly BlockKernel _kernel;
    private readonly BlockPosition _position = new();
    private readonly BufferedColumn?[] _buffered;
    private readonly BufferedColumn[] _toRead;
    private readonly ValueGetter<DataViewRowId> _sourceId;
    private readonly DataViewRowId[] _ids;
    private readonly long[] _batches;
    private int _count;
    private long _row = -1;
    private bool _sourceEnded;
    private bool _disposed;

    public BlockCursor(CrossModalTransformer transformer, DataViewRowCursor source, DataViewSchema schema, ActiveColumns active)
    {
        _source = source;
        _active = active;
        Schema = schema;
        int capacity = transformer.BlockSize;
        _buffered = new BufferedColumn?[source.Schema.Count];
        foreach (DataViewSchema.Column column in active.PassedOn())
        {
            _buffered[column.Index] = BufferedColumn.Create(source, column, capacity);
        }

        _toRead = [.. _buffered.OfType<BufferedColumn>()];
        _sourceId = source.GetIdGetter();
        _ids = new DataViewRowId[capacity];
        _batches = new long[capacity];
        _kernel = transformer.CreateKernel(source, capacity);
    }

    public override DataViewSchema Schema { get; }

    public override long Position => _row;

    public override long Batch => _batches[_position.Slot];

    public override bool IsColumnActive(DataViewSchema.Column column) => _active[column.Index];

    public override bool MoveNext()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_position.IsAtRow && _position.Slot + 1 < _count)
        {
            _position.Slot++;
        }
        else if (_sourceEnded || !Fill())
        {
            _position.Clear();
            _row = -1;
            _count = 0;
            return false;
        }

        // The next row's number is the last one's plus one; a cursor that has ended never gets here again.
        _row++;
        return true;
    }

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        _active.Check(column);
        BlockColumn values = column.Index < _buffered.Length ? _buffered[column.Index]! : _kernel.Output(column.Index - _buffered.Length);
        return values.GetGetter<TValue>(_position);
    }

    public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) => id = _ids[_position.Slot];

    protected override void Dispose(bool disposing)
    {
        if (disposing && !_disposed)
        {
            _disposed = true;
            _kernel.Dispose();
            _source.Dispose();
        }

        base.Dispose(disposing);
    }

    private bool Fill()
    {
        _count = 0;
        while (_count < _ids.Length)
        {
            if (!_source.MoveNext())
            {
                _sourceEnded = true;
                break;
            }

            _sourceId(ref _ids[_count]);
            _batches[_count] = _source.Batch;
            foreach (BufferedColumn column in _toRead)
            {
                column.Read(_count);
            }

            _kernel.Read(_count);
            _count++;
        }

        if (_count == 0)
        {
            return false;
        }

        _kernel.Compute(_count);
        _position.Slot = 0;
        return true;
    }
}
