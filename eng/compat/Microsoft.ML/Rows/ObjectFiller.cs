namespace Microsoft.ML.Data;

/// <summary>Writes the columns of a row into the members of objects of a class, reusing their arrays where the length fits.</summary>
internal sealed class ObjectFiller<TRow> where TRow : class
{
    private readonly (MemberColumn Member, int Index)[] _columns;

    /// <param name="schema">The schema of the rows that will be read.</param>
    /// <param name="ignoreMissingColumns">Whether members without a column are left alone; else they are an error.</param>
    /// <param name="definition">The mapping, or null for the class's own.</param>
    public ObjectFiller(DataViewSchema schema, bool ignoreMissingColumns, SchemaDefinition definition)
    {
        var columns = new List<(MemberColumn, int)>();
        foreach (var member in MemberColumn.For(typeof(TRow), definition, SchemaDefinition.Direction.Write))
        {
            if (schema.GetColumnOrNull(member.Name) is { } column)
            {
                CheckBinds(member, column);
                columns.Add((member, column.Index));
            }
            else if (!ignoreMissingColumns)
            {
                throw Checks.MissingColumn("Schema", "", member.Name);
            }
        }

        _columns = [.. columns];
        Needs = [.. _columns.Select(column => schema[column.Index])];
    }

    /// <summary>The columns that are read.</summary>
    public DataViewSchema.Column[] Needs { get; }

    /// <summary>A filler bound to the getters of <paramref name="row"/>; it reads wherever that row stands.</summary>
    public Action<TRow> Bind(DataViewRow row)
    {
        var setters = _columns.Select(column => Setter(column.Member, row, row.Schema[column.Index])).ToArray();
        return target =>
        {
            foreach (var set in setters)
                set(target);
        };
    }

    private static void CheckBinds(MemberColumn member, DataViewSchema.Column column)
    {
        var (item, isVector) = MemberColumn.ItemOf(member.Member);
        Checks.State(isVector == column.Type is VectorDataViewType && column.Type.ItemOf().RawType == item,
            $"Can't bind the IDataView column '{column.Name}' of type '{column.Type}' to field or property '{member.Member.Name}' "
            + $"of type '{member.MemberType.FullName}'.");
    }

    private static Action<TRow> Setter(MemberColumn member, DataViewRow row, DataViewSchema.Column column)
    {
        var type = member.MemberType;
        string maker = type == typeof(string) ? nameof(Text)
            : type == typeof(string[]) ? nameof(TextArray)
            : type.IsArray ? nameof(Items)
            : member.Type is VectorDataViewType ? nameof(Buffer)
            : nameof(Scalar);
        return (Action<TRow>)Generic.Call(null, typeof(ObjectFiller<TRow>), maker, [column.Type.ItemOf().RawType], member, row, column);
    }

    /// <summary>Reads the member's present value, for its buffer; the default where it cannot be read.</summary>
    private static Func<TRow, TMember> Reader<TMember>(MemberColumn member)
        => member.CanRead ? member.Reader<TRow, TMember>() : _ => default;

    private static Action<TRow> Scalar<T>(MemberColumn member, DataViewRow row, DataViewSchema.Column column)
    {
        var get = row.GetGetter<T>(column);
        var write = member.Writer<TRow, T>();
        T value = default;
        return target =>
        {
            get(ref value);
            write(target, value);
        };
    }

    private static Action<TRow> Text<T>(MemberColumn member, DataViewRow row, DataViewSchema.Column column)
    {
        var get = row.GetGetter<ReadOnlyMemory<char>>(column);
        var write = member.Writer<TRow, string>();
        ReadOnlyMemory<char> value = default;
        return target =>
        {
            get(ref value);
            write(target, value.ToString());
        };
    }

    private static Action<TRow> TextArray<T>(MemberColumn member, DataViewRow row, DataViewSchema.Column column)
    {
        var get = row.GetGetter<VBuffer<ReadOnlyMemory<char>>>(column);
        var read = Reader<string[]>(member);
        var write = member.Writer<TRow, string[]>();
        VBuffer<ReadOnlyMemory<char>> value = default;
        return target =>
        {
            get(ref value);
            var array = Fitting(read(target), value.Length);
            foreach (var item in value.Items(all: true))
                array[item.Key] = item.Value.ToString();
            write(target, array);
        };
    }

    private static Action<TRow> Items<T>(MemberColumn member, DataViewRow row, DataViewSchema.Column column)
    {
        var get = row.GetGetter<VBuffer<T>>(column);
        var read = Reader<T[]>(member);
        var write = member.Writer<TRow, T[]>();
        VBuffer<T> value = default;
        return target =>
        {
            get(ref value);
            var array = Fitting(read(target), value.Length);
            value.CopyTo(array);
            write(target, array);
        };
    }

    private static Action<TRow> Buffer<T>(MemberColumn member, DataViewRow row, DataViewSchema.Column column)
    {
        var get = row.GetGetter<VBuffer<T>>(column);
        var read = Reader<VBuffer<T>>(member);
        var write = member.Writer<TRow, VBuffer<T>>();
        return target =>
        {
            var value = read(target);
            get(ref value);
            write(target, value);
        };
    }

    private static T[] Fitting<T>(T[] array, int length) => array?.Length == length ? array : new T[length];
}
