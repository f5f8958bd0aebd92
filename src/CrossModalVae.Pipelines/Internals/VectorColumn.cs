namespace CrossModalVae.Pipelines.Internals;

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

    protected override Delegate MakeGetter(BlockPosition position)
    {
        ValueGetter<VBuffer<T>> getter = (ref VBuffer<T> value) =>
        {
            VBufferEditor<T> editor = VBufferEditor.Create(ref value, length);
            Row(position.Slot).CopyTo(editor.Values);
            value = editor.Commit();
        };
        return getter;
    }
}
