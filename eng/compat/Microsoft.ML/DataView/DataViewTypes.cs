namespace Microsoft.ML.Data;

/// <summary>From .NET types to column types and back.</summary>
internal static class DataViewTypes
{
    /// <summary>The primitive column type of a .NET type, or null.</summary>
    public static PrimitiveDataViewType FromRaw(Type type)
    {
        if (type == typeof(ReadOnlyMemory<char>))
            return TextDataViewType.Instance;
        return Type.GetTypeCode(type) switch
        {
            _ when type.IsEnum => null,
            TypeCode.Boolean => BooleanDataViewType.Instance,
            TypeCode.SByte => NumberDataViewType.SByte,
            TypeCode.Byte => NumberDataViewType.Byte,
            TypeCode.Int16 => NumberDataViewType.Int16,
            TypeCode.UInt16 => NumberDataViewType.UInt16,
            TypeCode.Int32 => NumberDataViewType.Int32,
            TypeCode.UInt32 => NumberDataViewType.UInt32,
            TypeCode.Int64 => NumberDataViewType.Int64,
            TypeCode.UInt64 => NumberDataViewType.UInt64,
            TypeCode.Single => NumberDataViewType.Single,
            TypeCode.Double => NumberDataViewType.Double,
            _ => null,
        };
    }

    /// <summary>A vector's item type, or the type itself.</summary>
    public static DataViewType ItemOf(this DataViewType type) => type is VectorDataViewType vector ? vector.ItemType : type;

    /// <summary>A vector's size (0 where unknown), or 1.</summary>
    public static int ValueCountOf(this DataViewType type) => type is VectorDataViewType vector ? vector.Size : 1;
}
