using Microsoft.ML.Data;

namespace Compat.Tests.MicrosoftML;

public class DataViewTypeTests
{
    public static TheoryData<PrimitiveDataViewType, Type, string> Primitives => new()
    {
        { NumberDataViewType.SByte, typeof(sbyte), "SByte" },
        { NumberDataViewType.Byte, typeof(byte), "Byte" },
        { NumberDataViewType.Int16, typeof(short), "Int16" },
        { NumberDataViewType.UInt16, typeof(ushort), "UInt16" },
        { NumberDataViewType.Int32, typeof(int), "Int32" },
        { NumberDataViewType.UInt32, typeof(uint), "UInt32" },
        { NumberDataViewType.Int64, typeof(long), "Int64" },
        { NumberDataViewType.UInt64, typeof(ulong), "UInt64" },
        { NumberDataViewType.Single, typeof(float), "Single" },
        { NumberDataViewType.Double, typeof(double), "Double" },
        { BooleanDataViewType.Instance, typeof(bool), "Boolean" },
        { TextDataViewType.Instance, typeof(ReadOnlyMemory<char>), "String" },
    };

    [Theory]
    [MemberData(nameof(Primitives))]
    public void Primitive_HasRawTypeAndName(PrimitiveDataViewType type, Type raw, string text)
    {
        Assert.Equal(raw, type.RawType);
        Assert.Equal(text, type.ToString());
        Assert.True(type.Equals(type));
        Assert.False(type.Equals((DataViewType)new VectorDataViewType(type)));
    }

    [Fact]
    public void Vector_OfOneDimension_PrintsItsSize()
    {
        var type = new VectorDataViewType(NumberDataViewType.Single, 100);

        Assert.Equal("Vector<Single, 100>", type.ToString());
        Assert.Equal(typeof(VBuffer<float>), type.RawType);
        Assert.True(type.IsKnownSize);
        Assert.Equal(100, type.Size);
        Assert.Equal(100, Assert.Single(type.Dimensions));
    }

    [Fact]
    public void Vector_OfSeveralDimensions_MultipliesThem()
    {
        var type = new VectorDataViewType(NumberDataViewType.Single, 1, 100);

        Assert.Equal("Vector<Single, 1, 100>", type.ToString());
        Assert.Equal(100, type.Size);
        Assert.NotEqual<DataViewType>(new VectorDataViewType(NumberDataViewType.Single, 100), type);
        Assert.Equal<DataViewType>(new VectorDataViewType(NumberDataViewType.Single, 1, 100), type);
        Assert.Equal(new VectorDataViewType(NumberDataViewType.Single, 1, 100).GetHashCode(), type.GetHashCode());
    }

    [Fact]
    public void Vector_WithUnknownDimension_HasNoSize()
    {
        Assert.Equal("Vector<Single>", new VectorDataViewType(NumberDataViewType.Single).ToString());
        Assert.Equal("Vector<Single, 3, *>", new VectorDataViewType(NumberDataViewType.Single, 3, 0).ToString());
        Assert.False(new VectorDataViewType(NumberDataViewType.Single, 3, 0).IsKnownSize);
    }

    [Fact]
    public void Vector_NegativeSize_Throws()
        => Assert.Throws<ArgumentOutOfRangeException>("size", () => new VectorDataViewType(NumberDataViewType.Single, -1));

    [Fact]
    public void Key_HoldsItsCount()
    {
        var type = new KeyDataViewType(typeof(uint), 7);

        Assert.Equal("Key<UInt32, 0-6>", type.ToString());
        Assert.Equal(7ul, type.Count);
        Assert.Equal<DataViewType>(new KeyDataViewType(typeof(uint), 7ul), type);
        Assert.NotEqual<DataViewType>(new KeyDataViewType(typeof(uint), 8), type);
    }

    [Theory]
    [InlineData(typeof(int), 5ul, "type")]
    [InlineData(typeof(uint), 0ul, "count")]
    [InlineData(typeof(byte), 256ul, "count")]
    public void Key_ImpossibleTypeOrCount_Throws(Type type, ulong count, string parameter)
        => Assert.Throws<ArgumentOutOfRangeException>(parameter, () => new KeyDataViewType(type, count));

    [Fact]
    public void RowId_ComparesByHighThenLow()
    {
        var id = new DataViewRowId(5, 1);

        Assert.Equal(new DataViewRowId(5, 1), id);
        Assert.True(id.CompareTo(new DataViewRowId(9, 0)) > 0);
        Assert.Equal("00000000000000010000000000000005", id.ToString());
    }
}
