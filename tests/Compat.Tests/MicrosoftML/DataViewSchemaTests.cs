using Microsoft.ML;
using Microsoft.ML.Data;

namespace Compat.Tests.MicrosoftML;

public class DataViewSchemaTests
{
    private static DataViewSchema Schema()
    {
        var builder = new DataViewSchema.Builder();
        builder.AddColumn("a", NumberDataViewType.Single);
        builder.AddColumn("b", TextDataViewType.Instance);
        builder.AddColumn("a", new VectorDataViewType(NumberDataViewType.Single, 2));
        return builder.ToSchema();
    }

    [Fact]
    public void Builder_RepeatedName_HidesTheFirst()
    {
        var schema = Schema();

        Assert.Equal([true, false, false], schema.Select(column => column.IsHidden));
        Assert.Equal(2, schema["a"].Index);
        Assert.Equal("3 columns", schema.ToString());
        Assert.Equal("a: Vector<Single, 2>", schema["a"].ToString());
    }

    [Fact]
    public void Indexer_UnknownName_Throws()
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>("name", () => Schema()["c"]);

        Assert.Equal("Column 'c' not found (Parameter 'name')", error.Message);
        Assert.Null(Schema().GetColumnOrNull("c"));
    }

    [Fact]
    public void Indexer_UnknownIndex_Throws() => Assert.Throws<ArgumentOutOfRangeException>("columnIndex", () => Schema()[3]);

    [Fact]
    public void AddColumns_OtherSchema_CopiesNamesAndTypes()
    {
        var builder = new DataViewSchema.Builder();

        builder.AddColumns(Schema());
        builder.AddColumns([new DataViewSchema.DetachedColumn("c", BooleanDataViewType.Instance), new DataViewSchema.DetachedColumn(Schema()["b"])]);

        Assert.Equal(["a", "b", "a", "c", "b"], builder.ToSchema().Select(column => column.Name));
    }

    [Fact]
    public void Annotations_OfAColumn_AreReadByKind()
    {
        var annotations = new DataViewSchema.Annotations.Builder();
        annotations.AddPrimitiveValue("Unit", TextDataViewType.Instance, "Hz".AsMemory());
        annotations.Add("Range", new VectorDataViewType(NumberDataViewType.Single, 2),
            (ref VBuffer<float> value) => value = new VBuffer<float>(2, [20, 8000]));
        var builder = new DataViewSchema.Builder();
        builder.AddColumn("pitch", NumberDataViewType.Single, annotations.ToAnnotations());

        var column = builder.ToSchema()["pitch"];

        ReadOnlyMemory<char> unit = default;
        VBuffer<float> range = default;
        column.Annotations.GetValue("Unit", ref unit);
        column.Annotations.GetGetter<VBuffer<float>>(column.Annotations.Schema["Range"])(ref range);
        Assert.Equal("Hz", unit.ToString());
        Assert.Equal([20, 8000], range.DenseValues());
        Assert.Equal("pitch: Single {Unit, Range}", column.ToString());
        Assert.Throws<InvalidOperationException>(() => column.Annotations.GetValue("Missing", ref unit));
        Assert.Throws<InvalidOperationException>(() => column.Annotations.GetValue("Unit", ref range));
    }

    [Fact]
    public void Annotations_TypeUnlikeGetter_Throws()
    {
        var builder = new DataViewSchema.Annotations.Builder();

        Assert.Throws<ArgumentException>("type", () => builder.AddPrimitiveValue("Unit", NumberDataViewType.Single, 1.0));
    }

    [Fact]
    public void Annotations_OfAPlainColumn_AreEmpty()
    {
        Assert.Empty(Schema()["b"].Annotations.Schema);
        Assert.Empty(DataViewSchema.Annotations.Empty.Schema);
    }
}
