using System.Linq.Expressions;
using System.Reflection;

namespace Microsoft.ML.Data;

/// <summary>A member of a row class, bound to the name and type of its column.</summary>
internal sealed class MemberColumn(string name, DataViewType type, MemberInfo member, DataViewSchema.Annotations annotations)
{
    // Compiled once per column: cursors are made far more often than views.
    private Delegate _reader;
    private Delegate _writer;

    public string Name { get; } = name;

    public DataViewType Type { get; } = type;

    public MemberInfo Member { get; } = member;

    public Type MemberType => TypeOf(Member);

    public DataViewSchema.DetachedColumn Detached => new(Name, Type, annotations);

    /// <summary>Whether <see cref="Reader{TRow, TMember}"/> can be made.</summary>
    public bool CanRead => Member is not PropertyInfo property || property.GetGetMethod() != null;

    public Func<TRow, TMember> Reader<TRow, TMember>()
    {
        if (_reader == null)
        {
            var row = Expression.Parameter(typeof(TRow));
            _reader = Expression.Lambda<Func<TRow, TMember>>(Expression.MakeMemberAccess(row, Member), row).Compile();
        }

        return (Func<TRow, TMember>)_reader;
    }

    public Action<TRow, TMember> Writer<TRow, TMember>()
    {
        if (_writer == null)
        {
            var row = Expression.Parameter(typeof(TRow));
            var value = Expression.Parameter(typeof(TMember));
            var assign = Expression.Assign(Expression.MakeMemberAccess(row, Member), value);
            _writer = Expression.Lambda<Action<TRow, TMember>>(assign, row, value).Compile();
        }

        return (Action<TRow, TMember>)_writer;
    }

    public static MemberColumn[] For(Type rowType, SchemaDefinition definition, SchemaDefinition.Direction direction)
        => [.. (definition ?? SchemaDefinition.Create(rowType, direction)).Select(column => For(rowType, column))];

    /// <summary>The item type that a member's column has, and whether it is a vector of them.</summary>
    public static (Type Item, bool IsVector) ItemOf(MemberInfo member)
    {
        var type = TypeOf(member);
        bool isVector = true;
        if (type.IsArray)
            type = type.GetElementType();
        else if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(VBuffer<>))
            type = type.GetGenericArguments()[0];
        else
            isVector = false;
        if (type == typeof(string))
            type = typeof(ReadOnlyMemory<char>);
        Checks.Param(DataViewTypes.FromRaw(type) != null, "rawType",
            $"Could not determine an IDataView type and registered custom types for member {member.Name}");
        return (type, isVector);
    }

    private static MemberColumn For(Type rowType, SchemaDefinition.Column column)
    {
        const string Parameter = "userSchemaDefinition";
        MemberInfo member = (MemberInfo)rowType.GetField(column.MemberName) ?? rowType.GetProperty(column.MemberName);
        Checks.Param(member != null, Parameter, $"No field or property with name '{column.MemberName}' found in type '{rowType.FullName}'");
        string name = string.IsNullOrEmpty(column.ColumnName) ? column.MemberName : column.ColumnName;
        var (item, isVector) = ItemOf(member);
        var type = column.ColumnType;
        if (type == null)
        {
            var primitive = DataViewTypes.FromRaw(item);
            return new(name, isVector ? new VectorDataViewType(primitive) : primitive, member, column.Annotations);
        }

        Checks.Param(isVector == type is VectorDataViewType, Parameter,
            $"Column '{name}' is supposed to be {Kind(!isVector)}, but type of associated field '{column.MemberName}' is {Kind(isVector)}");
        var itemType = type.ItemOf();
        Checks.Param(itemType.RawType == item, Parameter,
            $"Column '{name}' is supposed to have item type {itemType.RawType}, but associated field has type {item}");
        return new(name, type, member, column.Annotations);

        static string Kind(bool vector) => vector ? "vector" : "scalar";
    }

    private static Type TypeOf(MemberInfo member)
        => member is FieldInfo field ? field.FieldType : ((PropertyInfo)member).PropertyType;
}
