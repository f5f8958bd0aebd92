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

/// <summary>The cursor's position in its block, which getters share.</summary>
internal sealed class BlockPosition
{
    private int _slot = -1;

    /// <summary>The zero-based row of the block.</summary>
    /// <exception cref="InvalidOperationException">The cursor is not at a row.</exception>
    public int Slot
    {
        get => _slot >= 0
            ? _slot
            : throw new InvalidOperationException("The cursor is not at a row; call MoveNext first and stop where it is false.");
        set => _slot = value;
    }

    /// <summary>Whether the cursor is at a row.</summary>
    public bool IsAtRow => _slot >= 0;

    /// <summary>Makes the cursor be at no row.</summary>
    public void Clear() => _slot = -1;
}

/// <summary>One value a row.</summary>
internal sealed class ScalarColumn<T>(int capacity) : BlockColumn
{
    /// <summary>[capacity].</summary>
    public T[] Values { get; } = new T[capacity];

    protected override Type ValueType => typeof(T);

    protected override Delegate MakeGetter(BlockPosition position) =>
         (ValueGetter<T>)((ref T value) => value = Values[position.Slot]);
}

/// <summary>A vector of fixed length a row, all rows in one array.</summary>
internal sealed class VectorColumn<T>(T[] values, int length) : BlockColumn
{
    public VectorColumn(int capacity, int length)
        : this(new T[checked(capacity * length)], length)
    {
    }

    /// <summary>[capacity, length] row-major.</summary>
    public T[] Values { get; } = values;

    /// <summary>One row, [length].</summary>
    public Span<T> Row(int slot) => Values.AsSpan(slot * length, length);

    protected override Type ValueType => typeof(VBuffer<T>);

    protected override Delegate MakeGetter(BlockPosition position) => (ValueGetter<VBuffer<T>>)((ref VBuffer<T> value) =>
    {
        VBufferEditor<T> editor = VBufferEditor.Create(ref value, length);
        Row(position.Slot).CopyTo(editor.Values);
        value = editor.Commit();
    });
}
