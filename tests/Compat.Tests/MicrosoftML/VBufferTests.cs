using Microsoft.ML.Data;

namespace Compat.Tests.MicrosoftML;

public class VBufferTests
{
    private static VBuffer<float> Sparse() => new(5, 2, [7, 9], [1, 4]);

    [Fact]
    public void Constructor_Dense_HoldsAllValues()
    {
        var buffer = new VBuffer<float>(2, [1, 2, 3]);

        Assert.True(buffer.IsDense);
        Assert.Equal(2, buffer.Length);
        Assert.Equal([1, 2], buffer.GetValues().ToArray());
        Assert.True(buffer.GetIndices().IsEmpty);
        Assert.Equal("Dense vector of size 2", buffer.ToString());
    }

    [Fact]
    public void Constructor_Sparse_HoldsValuesAndIndices()
    {
        var buffer = Sparse();

        Assert.False(buffer.IsDense);
        Assert.Equal([7, 9], buffer.GetValues().ToArray());
        Assert.Equal([1, 4], buffer.GetIndices().ToArray());
        Assert.Equal("Sparse vector of size 5, 2 explicit values", buffer.ToString());
    }

    [Theory]
    [InlineData(-1, "length")]
    [InlineData(3, "values")]
    public void Constructor_TooFewValues_Throws(int length, string parameter)
        => Assert.Throws<ArgumentOutOfRangeException>(parameter, () => new VBuffer<float>(length, [1, 2]));

    [Fact]
    public void Constructor_SparseWithoutIndices_Throws()
        => Assert.Throws<ArgumentOutOfRangeException>("indices", () => new VBuffer<float>(3, 1, [1], null));

    [Fact]
    public void DenseValues_Sparse_FillsGaps() => Assert.Equal([0, 7, 0, 0, 9], Sparse().DenseValues());

    [Fact]
    public void Items_Sparse_ListsExplicitOrAll()
    {
        Assert.Equal([new(1, 7), new(4, 9)], Sparse().Items());
        Assert.Equal([new(0, 0), new(1, 7), new(2, 0), new(3, 0), new(4, 9)], Sparse().Items(all: true));
    }

    [Fact]
    public void GetItemOrDefault_Sparse_FindsValueOrDefault()
    {
        Assert.Equal(9, Sparse().GetItemOrDefault(4));
        Assert.Equal(0, Sparse().GetItemOrDefault(3));
        Assert.Throws<ArgumentOutOfRangeException>("index", () => Sparse().GetItemOrDefault(5));
    }

    [Fact]
    public void CopyTo_Span_FillsGapsWithDefault()
    {
        var destination = new float[] { -1, -1, -1, -1, -1, -1, -1 };

        Sparse().CopyTo(destination, 1, 3);

        Assert.Equal([-1, 3, 7, 3, 3, 9, -1], destination);
    }

    [Fact]
    public void CopyTo_SpanTooShort_Throws()
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>("destination", () => Sparse().CopyTo(new float[4]));

        Assert.StartsWith("Not large enough to hold these values.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void CopyTo_Buffer_SharesNothing()
    {
        float[] values = [1, 2];
        VBuffer<float> copy = default;

        new VBuffer<float>(2, values).CopyTo(ref copy);
        values[0] = 9;

        Assert.Equal([1, 2], copy.GetValues().ToArray());
    }

    [Fact]
    public void CopyToDense_Sparse_BecomesDense()
    {
        VBuffer<float> dense = default;

        Sparse().CopyToDense(ref dense);

        Assert.True(dense.IsDense);
        Assert.Equal([0, 7, 0, 0, 9], dense.GetValues().ToArray());
    }

    [Fact]
    public void Editor_LargeEnoughBuffer_IsReused()
    {
        float[] values = [1, 2, 3];
        var buffer = new VBuffer<float>(3, values);

        var editor = VBufferEditor.Create(ref buffer, 2);
        editor.Values[0] = 5;
        buffer = editor.Commit();

        Assert.False(editor.CreatedNewValues);
        Assert.Equal(5, values[0]);
        Assert.Equal([5, 2], buffer.GetValues().ToArray());
    }

    [Fact]
    public void Editor_SmallBuffer_GetsNewArrays()
    {
        float[] values = [1];
        var buffer = new VBuffer<float>(1, values);

        var editor = VBufferEditor.Create(ref buffer, 4, 2);
        editor.Values[0] = 6;
        editor.Values[1] = 8;
        editor.Indices[0] = 0;
        editor.Indices[1] = 3;

        Assert.True(editor.CreatedNewValues);
        Assert.True(editor.CreatedNewIndices);
        Assert.Equal([6, 0, 0, 8], editor.Commit().DenseValues());
        Assert.Equal([6, 0, 0, 0], editor.CommitTruncated(1).DenseValues());
        Assert.Equal(1, values[0]);
    }

    [Fact]
    public void Editor_MoreValuesThanLength_Throws()
    {
        VBuffer<float> buffer = default;

        var error = Assert.Throws<ArgumentOutOfRangeException>("valuesCount", () => VBufferEditor.Create(ref buffer, 2, 3));

        Assert.StartsWith("If specified, must be no greater than newLogicalLength", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void CreateFromBuffer_Sparse_KeepsShape()
    {
        var buffer = Sparse();

        var editor = VBufferEditor.CreateFromBuffer(ref buffer);
        editor.Values[1] = 4;

        Assert.Equal([0, 7, 0, 0, 4], editor.Commit().DenseValues());
    }
}
