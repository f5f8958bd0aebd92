using System.Runtime.ExceptionServices;

namespace CrossModalVae.Pipelines.Internals;

/// <summary>
/// Reads a block of the input, computes it, and delivers its rows in order. Where the transformer asks for several blocks, the next ones
/// are read on the caller's thread, as the input demands, and computed by workers too while the rows of this one are read.
/// </summary>
internal sealed class BlockCursor : DataViewRowCursor
{
    private readonly DataViewRowCursor _source;
    private readonly ActiveColumns _active;
    private readonly BlockKernel _kernel;
    private readonly BlockPosition _position = new();
    private readonly BufferedColumn?[] _buffered;
    private readonly BufferedColumn[] _toRead;
    private readonly ValueGetter<DataViewRowId> _sourceId;
    private readonly int _blockSize;
    private readonly int _blockCount;
    private readonly DataViewRowId[] _ids; // [blocks x block size], as every buffer here
    private readonly long[] _batches;
    private readonly Queue<Block> _ahead = new();
    private readonly WorkQueue _work;
    private int _nextFirst;
    private int _end;
    private long _row = -1;
    private bool _started;
    private bool _sourceEnded;
    private bool _failed;
    private bool _disposed;

    public BlockCursor(CrossModalTransformer transformer, DataViewRowCursor source, DataViewSchema schema, ActiveColumns active)
    {
        _source = source;
        _active = active;
        Schema = schema;
        _blockSize = transformer.BlockSize;
        _blockCount = transformer.BlocksInFlight;
        _work = new WorkQueue(transformer.WorkerCount);
        int capacity = checked(_blockSize * _blockCount);
        _buffered = new BufferedColumn?[source.Schema.Count];
        foreach (DataViewSchema.Column column in active.PassedOn())
        {
            _buffered[column.Index] = BufferedColumn.Create(source, column, capacity);
        }

        _toRead = [.. _buffered.OfType<BufferedColumn>()];
        _sourceId = source.GetIdGetter();
        _ids = new DataViewRowId[capacity];
        _batches = new long[capacity];
        _kernel = transformer.CreateKernel(source, capacity, active.IsAddedActive);
    }

    public override DataViewSchema Schema { get; }

    public override long Position => _row;

    public override long Batch => _batches[_position.Slot];

    public override bool IsColumnActive(DataViewSchema.Column column) => _active[column.Index];

    public override bool MoveNext()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_position.IsAtRow && _position.Slot + 1 < _end)
        {
            _position.Slot++;
        }
        else if (!MoveToNextBlock())
        {
            _row = -1;
            return false;
        }

        // A cursor that has ended never gets here again.
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
            // Blocks being computed still write into the kernel's buffers, so they end first.
            _disposed = true;
            _work.Dispose();
            _ahead.Clear();
            _position.Clear(); // the kernel's buffers return to their pool; getters must not read them any more
            _kernel.Dispose();
            _source.Dispose();
        }

        base.Dispose(disposing);
    }

    private bool MoveToNextBlock()
    {
        _position.Clear();
        if (_failed)
        {
            throw new InvalidOperationException("The cursor ended with an error; open another one.");
        }

        // The first block is read alone: a caller that needs a few rows only does not pay for reading ahead.
        int wanted = _started ? _blockCount : 1;
        _failed = true;
        while (!_sourceEnded && _ahead.Count < wanted)
        {
            ReadAhead();
        }

        _started = true;
        bool any = _ahead.TryDequeue(out Block? block);
        if (any)
        {
            block!.Failure?.Throw();
            _work.FinishOldest();
            _position.Slot = block.First;
            _end = block.First + block.Count;
        }

        _failed = false;
        return any;
    }

    private void ReadAhead()
    {
        int first = _nextFirst;
        int count;
        try
        {
            count = Read(first);
        }
        catch (Exception e) when (_ahead.Count > 0)
        {
            // Rows before it are still to be delivered; the error is thrown in their order, as without reading ahead.
            _sourceEnded = true;
            _ahead.Enqueue(new Block(first, 0, ExceptionDispatchInfo.Capture(e)));
            return;
        }

        if (count == 0)
        {
            return;
        }

        _work.Add(() => _kernel.Compute(first, count), offer: _started);
        _ahead.Enqueue(new Block(first, count, null));
        _nextFirst = (first + _blockSize) % _ids.Length;
    }

    private int Read(int first)
    {
        int count = 0;
        for (; count < _blockSize; count++)
        {
            if (!_source.MoveNext())
            {
                _sourceEnded = true;
                break;
            }

            int slot = first + count;
            _sourceId(ref _ids[slot]);
            _batches[slot] = _source.Batch;
            foreach (BufferedColumn column in _toRead)
            {
                column.Read(slot);
            }

            _kernel.Read(slot);
        }

        return count;
    }

    /// <summary>Rows read from the input, whose computation is in the work queue, or why they could not be read.</summary>
    private sealed record Block(int First, int Count, ExceptionDispatchInfo? Failure);
}
