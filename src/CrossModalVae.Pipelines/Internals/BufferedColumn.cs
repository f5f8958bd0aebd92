using System.Reflection;

namespace CrossModalVae.Pipelines.Internals;

/// <summary>A column of the input kept for the rows of a block, because the input's cursor runs ahead of ours.</summary>
internal abstract class BufferedColumn : BlockColumn
{
    private static readonly MethodInfo ScalarFactory = Factory(nameof(CreateScalar));
    private static readonly MethodInfo VectorFactory = Factory(nameof(CreateVector));

    /// <summary>Keeps the input's current row.</summary>
    public abstract void Read(int slot);

    /// <summary>A buffer for a column of whatever type.</summary>
    public static BufferedColumn Create(DataViewRow input, DataViewSchema.Column column, int capacity)
    {
        MethodInfo factory = column.Type is VectorDataViewType vector
            ? VectorFactory.MakeGenericMethod(vector.ItemType.RawType)
            : ScalarFactory.MakeGenericMethod(column.Type.RawType);
        return factory.CreateDelegate<Func<DataViewRow, DataViewSchema.Column, int, BufferedColumn>>()(input, column, capacity);
    }

    private static Scalar<T> CreateScalar<T>(DataViewRow input, DataViewSchema.Column column, int capacity) =>
        new Scalar<T>(input.GetGetter<T>(column), capacity);

    private static Vector<T> CreateVector<T>(DataViewRow input, DataViewSchema.Column column, int capacity) =>
        new Vector<T>(input.GetGetter<VBuffer<T>>(column), capacity);

    private static MethodInfo Factory(string name) =>
        typeof(BufferedColumn).GetMethod(name, BindingFlags.NonPublic | BindingFlags.Static)!;

    private sealed class Scalar<T>(ValueGetter<T> source, int capacity) : BufferedColumn
    {
        private readonly T[] _values = new T[capacity];

        public override void Read(int slot)
        {
            _values[slot] = default!; // a consumer may hold the picture that was here, and ML.NET's loader disposes what it is given
            source(ref _values[slot]);
        }

        protected override Type ValueType => typeof(T);

        protected override Delegate MakeGetter(BlockPosition position) =>
            (ValueGetter<T>)((ref T value) => value = _values[position.Slot]);
    }

    private sealed class Vector<T>(ValueGetter<VBuffer<T>> source, int capacity) : BufferedColumn
    {
        // Each slot keeps its own storage, reused from block to block; what leaves is a copy, because consumers may change theirs.
        private readonly VBuffer<T>[] _values = new VBuffer<T>[capacity];

        public override void Read(int slot) => source(ref _values[slot]);

        protected override Type ValueType => typeof(VBuffer<T>);

        protected override Delegate MakeGetter(BlockPosition position) =>
            (ValueGetter<VBuffer<T>>)((ref VBuffer<T> value) => _values[position.Slot].CopyTo(ref value));
    }
}
