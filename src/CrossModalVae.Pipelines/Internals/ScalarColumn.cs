namespace CrossModalVae.Pipelines.Internals;

/// <summary>One value a row.</summary>
internal sealed class ScalarColumn<T>(int capacity) : BlockColumn
{
    /// <summary>[capacity].</summary>
    public T[] Values { get; } = new T[capacity];

    protected override Type ValueType => typeof(T);

    protected override Delegate MakeGetter(BlockPosition position)
    {
        ValueGetter<T> getter = (ref T value) => value = Values[position.Slot];
        return getter;
    }
}
