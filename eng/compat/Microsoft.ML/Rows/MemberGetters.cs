namespace Microsoft.ML.Data;

/// <summary>Column getters that read the members of the current object of a row class.</summary>
internal static class MemberGetters<TRow> where TRow : class
{
    /// <summary>A <see cref="ValueGetter{TValue}"/> of the column's raw type over the object that <paramref name="current"/> returns.</summary>
    public static Delegate Create(MemberColumn column, Func<TRow> current)
    {
        var member = column.MemberType;
        string maker = member == typeof(string) ? nameof(Text)
            : member == typeof(string[]) ? nameof(TextArray)
            : member.IsArray ? nameof(Items)
            : column.Type is VectorDataViewType ? nameof(Buffer)
            : column.Type is KeyDataViewType ? nameof(Key)
            : nameof(Scalar);
        var item = member.IsArray || column.Type is VectorDataViewType ? column.Type.ItemOf().RawType : column.Type.RawType;
        return (Delegate)Generic.Call(null, typeof(MemberGetters<TRow>), maker, [item], column, current);
    }

    private static ValueGetter<T> Scalar<T>(MemberColumn column, Func<TRow> current)
    {
        var read = column.Reader<TRow, T>();
        return (ref T value) => value = read(current());
    }

    private static ValueGetter<T> Key<T>(MemberColumn column, Func<TRow> current)
    {
        // Objects hold a key's value from zero, columns from one, with zero for what lies outside.
        var read = column.Reader<TRow, T>();
        ulong count = ((KeyDataViewType)column.Type).Count;
        return (ref T value) =>
        {
            ulong raw = Convert.ToUInt64(read(current()), System.Globalization.CultureInfo.InvariantCulture);
            value = (T)Convert.ChangeType(raw < count ? raw + 1 : 0, typeof(T), System.Globalization.CultureInfo.InvariantCulture);
        };
    }

    private static ValueGetter<ReadOnlyMemory<char>> Text<T>(MemberColumn column, Func<TRow> current)
    {
        var read = column.Reader<TRow, string>();
        return (ref ReadOnlyMemory<char> value) => value = read(current()).AsMemory();
    }

    private static ValueGetter<VBuffer<ReadOnlyMemory<char>>> TextArray<T>(MemberColumn column, Func<TRow> current)
    {
        var read = column.Reader<TRow, string[]>();
        return (ref VBuffer<ReadOnlyMemory<char>> value) =>
        {
            var source = read(current()) ?? [];
            var editor = VBufferEditor.Create(ref value, source.Length);
            for (int i = 0; i < source.Length; i++)
                editor.Values[i] = source[i].AsMemory();
            value = editor.Commit();
        };
    }

    private static ValueGetter<VBuffer<T>> Items<T>(MemberColumn column, Func<TRow> current)
    {
        var read = column.Reader<TRow, T[]>();
        return (ref VBuffer<T> value) =>
        {
            var source = read(current()) ?? [];
            var editor = VBufferEditor.Create(ref value, source.Length);
            source.CopyTo(editor.Values);
            value = editor.Commit();
        };
    }

    private static ValueGetter<VBuffer<T>> Buffer<T>(MemberColumn column, Func<TRow> current)
    {
        var read = column.Reader<TRow, VBuffer<T>>();
        return (ref VBuffer<T> value) => read(current()).CopyTo(ref value);
    }
}
